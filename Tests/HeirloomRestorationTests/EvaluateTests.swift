import Foundation
import HeirloomMedia
@testable import HeirloomRestoration
import HeirloomTensors
import TestSupport
import Testing

/// The figures of papers, on small made pictures; their definitions are tested where they are computed.
@Suite struct EvaluateTests {
    /// A smooth picture of waves.
    private func picture(_ side: Int, phase: Double, grey: Bool = false) -> StillImage {
        var pixels: [UInt8] = []
        for index in 0..<side * side {
            let (x, y) = (Double(index % side) / Double(side), Double(index / side) / Double(side))
            let value = { (k: Double) in UInt8(128 + 100 * sin(9 * x + k + phase) * cos(7 * y - k)) }
            pixels += grey ? [value(0)] : [value(0), value(1), value(2)]
        }
        return StillImage(width: side, height: side, channels: grey ? .grey : .rgb, depth: .eight, pixels: pixels)
    }

    private func write(_ image: StillImage, _ folder: TemporaryFolder, _ name: String) throws {
        let path = folder.file(name)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        _ = try StillWriter.write(image, to: path)
    }

    @Test("names are paired without their suffixes")
    func names() {
        #expect(PicturePairs.common("img_001_SRF_4_HR") == ("img_001", .truth))
        #expect(PicturePairs.common("img_001_SRF_4_LR") == ("img_001", .small))
        #expect(
            PicturePairs.common("baby_hr") == ("baby", .truth) && PicturePairs.common("baby_SR") == ("baby", .result))
        #expect(PicturePairs.common("0801x4") == ("0801", .small) && PicturePairs.common("babyx2") == ("baby", .small))
        #expect(PicturePairs.common("baby") == ("baby", nil) && PicturePairs.common("x4") == ("x4", nil))
    }

    @Test("one folder may hold true and small pictures; the factor is found out; grey is compared as grey")
    func bicubic() async throws {
        let folder = try TemporaryFolder()
        for (name, grey) in [("a", false), ("b", true)] {
            try write(picture(64, phase: 0.3, grey: grey), folder, "\(name)_HR.png")
            try write(picture(32, phase: 0.3, grey: grey), folder, "\(name)_LR.png")
        }
        let scores = try await UpscaleEvaluation(truth: folder.path, method: .bicubic(small: folder.path)).run()
        #expect(scores.scale == 2 && scores.pictures.map(\.name) == ["a", "b"] && scores.method == "bicubic")
        #expect(scores.pictures.allSatisfy { $0.psnr > 30 && $0.psnr < 70 && $0.ssim > 0.9 && $0.ssim < 1 })
        #expect(abs(scores.psnr - (scores.pictures[0].psnr + scores.pictures[1].psnr) / 2) < 1e-9)
    }

    @Test("results are compared as they are")
    func results() async throws {
        let folder = try TemporaryFolder()
        try write(picture(64, phase: 0.3), folder, "hr/a.png")
        try write(picture(64, phase: 0.3), folder, "sr/a_SR.png")
        let evaluation = UpscaleEvaluation(truth: folder.file("hr"), method: .results(folder.file("sr")))
        #expect(try await evaluation.run().psnr == .infinity)
        try FileManager.default.removeItem(atPath: folder.file("sr/a_SR.png"))
        try write(picture(64, phase: 0.5), folder, "sr/a_SR.png")
        #expect((10..<40).contains(try await evaluation.run().psnr))
    }

    @Test("a picture without a partner and a size that does not fit are named")
    func misfits() async throws {
        let folder = try TemporaryFolder()
        try write(picture(64, phase: 0), folder, "hr/a.png")
        try write(picture(64, phase: 0), folder, "hr/lonely.png")
        try write(picture(16, phase: 0), folder, "lr/a.png")
        try write(picture(16, phase: 0), folder, "lr/orphan.png")
        let evaluation = UpscaleEvaluation(truth: folder.file("hr"), method: .bicubic(small: folder.file("lr")))
        let alone = await #expect(throws: RestorationError.self) { try await evaluation.run() }
        #expect(alone?.description.contains("lonely.png") == true && alone?.description.contains("orphan.png") == true)

        try FileManager.default.removeItem(atPath: folder.file("hr/lonely.png"))
        try FileManager.default.removeItem(atPath: folder.file("lr/orphan.png"))
        #expect(try await evaluation.run().scale == 4)
        var wrong = evaluation
        wrong.scale = 3
        let size = await #expect(throws: RestorationError.self) { try await wrong.run() }
        #expect(size?.description.contains("64×64") == true && size?.description.contains("16×16") == true)
        wrong.scale = 17
        await #expect(throws: RestorationError.self) { try await wrong.run() }

        try write(picture(12, phase: 0), folder, "tiny/a.png")
        try write(picture(3, phase: 0), folder, "tinier/a.png")
        let tiny = UpscaleEvaluation(truth: folder.file("tiny"), method: .bicubic(small: folder.file("tinier")))
        await #expect(throws: RestorationError.self) { try await tiny.run() }
    }

    @Test("folders without pictures, and no folder at all")
    func emptiness() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1, 2, 3], to: "text.txt")
        for path in [folder.path, folder.file("nowhere")] {
            await #expect(throws: MediaError.self) {
                try await UpscaleEvaluation(truth: path, method: .bicubic(small: path)).run()
            }
        }
    }
}
