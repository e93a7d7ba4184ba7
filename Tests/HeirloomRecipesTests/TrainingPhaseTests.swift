import Foundation
@testable import HeirloomRecipes
import Testing

/// Phases, recipes and records as data.
@Suite struct TrainingPhaseTests {
    private func decode<T: Decodable>(_ type: T.Type, _ json: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }

    /// The keys of recipes from before there were critics.
    @Test func oldPhasesAreGeneratorPhases() throws {
        let json = """
            {"size": 64, "batchSize": 32, "share": 0.3, "rate": 0.003, "encoderFactor": 0.2, "frozenPart": 0.12, \
            "warmup": 0.15, "featureScale": 1}
            """
        let phase = try decode(TrainingPhase.self, json)
        #expect(
            phase
                == TrainingPhase(
                    size: 64, batchSize: 32, share: 0.3, rate: 3e-3, encoderFactor: 0.2, frozenPart: 0.12))
        #expect(phase.kind == .generator && phase.stop == nil)
    }

    @Test func phasesSurviveJSON() throws {
        let phase = TrainingPhase(
            kind: .adversarial, size: 96, batchSize: 16, share: 0.2, rate: 2e-5, adversarialWeight: 0.3,
            criticFactor: 4, criticThreshold: 0.6, averageDecay: 0.9, stop: StopRule(interval: 10, patience: 2))
        let text = String(decoding: try JSONEncoder().encode(phase), as: UTF8.self)
        #expect(try decode(TrainingPhase.self, text) == phase)
        #expect(try decode(StopRule.self, "{\"patience\": 7}") == StopRule(patience: 7))
    }

    @Test(arguments: [
        "{\"size\": 0, \"batchSize\": 1, \"share\": 1, \"rate\": 1}",
        "{\"size\": 64, \"batchSize\": 1, \"share\": 0, \"rate\": 1}",
        "{\"size\": 64, \"batchSize\": 1, \"share\": 1, \"rate\": -1}",
        "{\"size\": 64, \"batchSize\": 1, \"share\": 1, \"rate\": 1, \"warmup\": 2}",
        "{\"size\": 64, \"batchSize\": 1, \"share\": 1, \"rate\": 1, \"stop\": {\"interval\": 0}}",
        "{\"size\": 64, \"batchSize\": 1, \"share\": 1, \"rate\": 1, \"kind\": \"both\"}",
    ])
    func impossiblePhasesAreRefused(json: String) {
        #expect(throws: DecodingError.self) { try decode(TrainingPhase.self, json) }
    }

    @Test func aRecipeNamesOnlyWhatItChanges() throws {
        let recipe = try decode(ColorRecipe.self, "{\"criticFeatures\": 48, \"weightDecay\": 0}")
        #expect(recipe.criticFeatures == 48 && recipe.weightDecay == 0 && recipe.phases == ColorRecipe.colorize.phases)
        let phases = "{\"phases\": [{\"size\": 65, \"batchSize\": 1, \"share\": 1, \"rate\": 1}]}"
        #expect(throws: DecodingError.self) { try decode(ColorRecipe.self, phases) }
        #expect(throws: DecodingError.self) { try decode(ColorRecipe.self, "{\"phases\": []}") }
    }

    /// The record that comes with our first weights.
    @Test func recordsWithoutCriticsAreRead() throws {
        let json = """
            {"data": {"heldOut": 2, "pictures": 10, "sources": [{"licence": "CC0-1.0", "name": "waves", "pictures": 10}], \
            "store": "photos.pack"}, "device": "cpu", "length": "minutes(85.0)", "libtorch": "2.11.0", "phases": \
            [{"batchSize": 32, "loss": 0.4, "lossParts": {"chroma": 0.3}, "pictures": 320, "seconds": 9, "size": 64, \
            "skippedSteps": 0, "steps": 10, "validation": {"agreement": 0.5, "chromaError": 13, "colorfulness": 27, \
            "greyAgreement": 0.4, "greyChromaError": 15, "greyPSNR": 22, "pictures": 2, "psnr": 24, \
            "trueColorfulness": 47}}], "precision": "float32", "recipe": {"averageDecay": 0.998, "clipping": 1, \
            "degradation": {"blurProbability": 0.2, "brightness": 0.06, "grain": 0.04, "grainProbability": 0.4, \
            "highContrast": 1.15, "logGamma": 0.35, "lowContrast": 0.75}, "groupWeights": {"people": 1.5}, "loss": \
            {"delta": 0.1, "featureWeight": 0.05, "saturationWeight": 16}, "phases": [{"batchSize": 32, \
            "encoderFactor": 0.2, "featureScale": 1, "frozenPart": 0.12, "rate": 0.003, "share": 1, "size": 64, \
            "warmup": 0.15}], "smallestCrop": 0.76, "weightDecay": 0.01}, "seed": 1, "startingWeights": \
            "EfficientNet-Lite0, ImageNet", "task": "colorize"}
            """
        let record = try decode(ColorRunRecord.self, json)
        #expect(record.phases[0].kind == nil && record.phases[0].validation?.scores == [] && record.verdict == nil)
        #expect(record.recipe.criticFeatures == ColorRecipe.colorize.criticFeatures)
        let again = try decode(ColorRunRecord.self, String(decoding: try JSONEncoder().encode(record), as: UTF8.self))
        #expect(again == record)
    }
}
