import Foundation
@testable import HeirloomRecipes
import HeirloomTensors
import Testing

@Suite struct TrainingTextTests {
    private func progress(_ json: String) throws -> TrainingProgress {
        try JSONDecoder().decode(TrainingProgress.self, from: Data(json.utf8))
    }

    @Test func aPhaseInWords() {
        let phase = ColorRecipe.Phase(size: 64, batchSize: 32, share: 1, rate: 0.003)
        #expect(TrainingText.phase(0, of: 3, phase) == "phase 1 of 3: 64 px, batch 32, rate 0.003")
    }

    @Test func progressInALine() throws {
        let json = """
            {"phase": 2, "phases": 3, "step": 140, "skippedSteps": 0, "loss": 0.5, "lossParts": {"feature": 2, \
            "chroma": 0.4}, "rate": 0.0012, "picturesPerSecond": 31.25, "fraction": 0.5, "seconds": 9, \
            "secondsLeft": 75}
            """
        let found = TrainingText.progress(try progress(json))
        let losses = "loss 0.5000 chroma 0.4000 feature 2.0000"
        #expect(found == " 50.0 % phase 2/3 step 140 \(losses) rate 1.20e-03 31.2 pictures/s left 1:15")
        let late = json.replacing("\"secondsLeft\": 75", with: "\"secondsLeft\": 3725")
            .replacing("\"skippedSteps\": 0", with: "\"skippedSteps\": 2")
        #expect(TrainingText.progress(try progress(late)).hasSuffix("left 1:02:05 skipped 2"))
    }

    @Test func figuresSayWhatIsKnown() {
        var figures = ColorFigures(
            pictures: 4, colorfulness: 20, trueColorfulness: 30, chromaError: 9, greyChromaError: 15, psnr: 25,
            greyPSNR: 22)
        let short = TrainingText.figures(figures)
        #expect(
            short == "colourfulness 20.0 (truth 30.0), chroma error 9.0 (grey 15.0), PSNR 25.0 dB (grey 22.0 dB)")
        (figures.agreement, figures.greyAgreement) = (0.75, 0.5)
        #expect(TrainingText.figures(figures) == short + ", recognised as the true picture 75.0 % (grey 50.0 %)")
        (figures.accuracy, figures.trueAccuracy, figures.greyAccuracy) = (0.5, 1, 0.25)
        #expect(TrainingText.figures(figures).hasSuffix(", labels 50.0 % (truth 100.0 %, grey 25.0 %)"))
    }

    @Test(arguments: ["warp", "", "cuda:x", "cpu:1"])
    func aPlaceThatIsNoneIsNamed(name: String) {
        let error = #expect(throws: TorchError.self) { _ = try TrainingPlace(named: name) }
        #expect(error?.code == .deviceUnavailable)
        #expect(error?.description.contains("use auto, cpu, cuda, cuda:1 or mps") == true)
    }

    @Test func placesThatExist() throws {
        let cpu = try TrainingPlace(named: "cpu")
        #expect(cpu.device == .cpu && cpu.precision == nil)
        #expect(try TrainingPlace(named: "auto").device == Device.best)
        let absent = #expect(throws: TorchError.self) { _ = try TrainingPlace(named: "cuda:77") }
        #expect(absent?.code == .deviceUnavailable)
    }
}
