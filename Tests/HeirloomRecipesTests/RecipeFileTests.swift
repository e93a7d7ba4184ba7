import Foundation
import HeirloomTraining
import Testing

@testable import HeirloomRecipes

/// Recipes that users write as JSON.
@Suite struct RecipeFileTests {
    private func read<Recipe: Codable>(_ type: Recipe.Type, _ json: String) throws -> Recipe {
        let path = NSTemporaryDirectory() + "recipe-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(json.utf8).write(to: URL(fileURLWithPath: path))
        return try RecipeFile.read(type, from: path)
    }

    @Test("what a training record shows is read back whole")
    func recordsAreRecipes() throws {
        for recipe in [ColorRecipe.colorize, .nogan] {
            let json = String(decoding: try JSONEncoder().encode(recipe), as: UTF8.self)
            #expect(try read(ColorRecipe.self, json) == recipe)
        }
        let upscale = UpscaleRecipe(scale: 2)
        let json = String(decoding: try JSONEncoder().encode(upscale), as: UTF8.self)
        #expect(try read(UpscaleRecipe.self, json) == upscale)
    }

    @Test("keys that nothing reads are named with their place")
    func unknownKeysAreRefused() throws {
        let json = """
            {"averageDecya": 0.9, "degradation": {"blurProbability": 0.2, "brightness": 0.06, \
            "grain": 0.04, "grainProbability": 0.4, "highContrast": 1.15, "logGamma": 0.35, "lowContrast": 0.75, \
            "fog": 1}, "phases": [{"size": 64, "batchSize": 1, "share": 1, \
            "rate": 1, "warmpu": 0}], "groupWeights": {"anything goes here": 2}}
            """
        let error = #expect(throws: TrainingError.self) { try read(ColorRecipe.self, json) }
        let reason = error?.reason ?? ""
        #expect(reason.contains("averageDecya, degradation.fog, phases[0].warmpu"))
        #expect(!reason.contains("anything"))
    }

    @Test("a null says as much as no key")
    func nullsAreNoKeys() throws {
        let json = #"{"phases": [{"size": 64, "batchSize": 1, "share": 1, "rate": 1, "stop": null}]}"#
        #expect(try read(ColorRecipe.self, json).phases[0].stop == nil)
    }

    @Test(
        "a file that is none, or not there, is named",
        arguments: [
            "{", "[1, 2]", #"{"phases": []}"#, #"{"loss": {}}"#,
        ])
    func badFilesAreNamed(json: String) throws {
        let error = #expect(throws: TrainingError.self) { try read(ColorRecipe.self, json) }
        #expect(error?.reason.contains("is not a recipe") == true)
        let missing = #expect(throws: TrainingError.self) { try ColorRecipe(named: "no-such-recipe.json") }
        #expect(missing?.reason.contains("colorize and nogan") == true)
    }
}
