import Foundation
import HeirloomMedia
import HeirloomMediaTensors
@testable import HeirloomRestoration
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

/// Bursts as jobs: files in, one file out, and what is said about frames that do not fit.
@Suite struct UpscaleBurstTests {
    /// Small views of a large scene, moved by fractions of their pixels.
    private func frames(_ folder: TemporaryFolder, _ shifts: [(Int, Int)], grey: Bool = false) throws -> [String] {
        let scene = UpscaleColorLockTests.scene(height: 240, width: 280)
        return try shifts.enumerated().map { index, shift in
            let view =
                scene
                .sliced(axis: 2, from: 8 + shift.0, to: 8 + shift.0 + 216)
                .sliced(axis: 3, from: 8 + shift.1, to: 8 + shift.1 + 256)
            let small = view.resampled(height: 54, width: 64, kernel: .area)
            let image = StillImage(samples: grey ? YCbCrMatrix.bt601.luma(of: small) : small, depth: .eight)
            let path = folder.file("frame\(index).png")
            _ = try StillWriter.write(image, to: path)
            return path
        }
    }

    @Test("frames of one scene become one picture of twice the size; grey stays grey", arguments: [false, true])
    func fusion(grey: Bool) async throws {
        let folder = try TemporaryFolder()
        let paths = try frames(folder, [(0, 0), (1, 2), (3, 1), (2, 3)], grey: grey)
        let report = try await BurstJob(frames: paths, output: folder.file("out.png")).run()
        let image = try StillReader.read(folder.file("out.png"))
        #expect(image.width == 128 && image.height == 108 && image.channels == (grey ? .grey : .rgb))
        #expect(report.notes.isEmpty, "\(report.notes)")
    }

    @Test("a picture of something else is left out and named, and does no harm")
    func unrelated() async throws {
        let folder = try TemporaryFolder()
        var paths = try frames(folder, [(0, 0), (1, 2), (3, 1)])
        let noise = StillImage(samples: Tensor.uniform([1, 3, 54, 64], using: Generator(seed: 2)), depth: .eight)
        paths.append(folder.file("noise.png"))
        _ = try StillWriter.write(noise, to: paths[3])
        let report = try await BurstJob(frames: paths, output: folder.file("out.png")).run()
        #expect(report.notes.contains { $0.contains("noise.png") && $0.contains("left out") }, "\(report.notes)")
    }

    @Test("one frame, frames of two sizes, and an output that is a frame are refused")
    func refusals() async throws {
        let folder = try TemporaryFolder()
        let paths = try frames(folder, [(0, 0), (1, 1)])
        await #expect(throws: RestorationError.self) {
            try await BurstJob(frames: [paths[0]], output: folder.file("out.png")).run()
        }
        _ = try StillWriter.write(
            StillImage(samples: Tensor.zeros([1, 3, 20, 20]), depth: .eight), to: folder.file("small.png"))
        let error = await #expect(throws: RestorationError.self) {
            try await BurstJob(frames: [paths[0], folder.file("small.png")], output: folder.file("out.png")).run()
        }
        #expect(error?.description.contains("small.png") == true && error?.description.contains("20×20") == true)
        await #expect(throws: MediaError.self) { try await BurstJob(frames: paths, output: paths[0]).run() }
        #expect(folder.names == ["frame0.png", "frame1.png", "small.png"])
    }
}
