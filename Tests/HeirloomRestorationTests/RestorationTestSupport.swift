import Foundation
import HeirloomMedia
import HeirloomModels
import HeirloomRestoration
import HeirloomTensors
import TestSupport

/// Stands in for the network: chroma that is a simple function of luma, and failures on request.
final class FakePredictor: ChromaPredictor {
    let device = Device.cpu
    let precision = DType.float32
    let sizeMultiple = 32
    /// What it was shown.
    private(set) var shapes: [[Int]] = []
    private var calls = 0
    private let rule: (Tensor, Int) throws -> Tensor

    /// - Parameter rule: luma `[N, 1, H, W]` and the number of the call → chroma `[N, 2, H, W]`.
    init(_ rule: @escaping (Tensor, Int) throws -> Tensor = { luma, _ in FakePredictor.tint(luma) }) {
        self.rule = rule
    }

    func chroma(of luma: Tensor) throws -> Tensor {
        shapes.append(luma.shape)
        calls += 1
        return try rule(luma, calls - 1)
    }

    /// Blue in the dark, red in the light.
    static func tint(_ luma: Tensor) -> Tensor {
        concatenated([(luma - 0.5) * -0.2, (luma - 0.5) * 0.3], axis: 1)
    }

    static let outOfMemory = TorchError(code: .outOfMemory, operation: "test", reason: "no memory")
}

/// A colour network of little size with fixed random weights.
func tinyNetwork() -> ColorUNet {
    ColorUNet(
        ColorUNetConfiguration(upsampled: [8, 8, 8, 8], mixed: [16, 8, 8, 8], attention: true),
        using: Generator(seed: 42))
}

/// Settings for a small and quick film.
func quickSettings(stabilize: Bool = true) -> ColorSettings {
    var settings = ColorSettings()
    settings.renderSize = 64
    settings.stabilize = stabilize
    settings.device = .cpu
    settings.precision = .float32
    settings.batch = 3
    return settings
}

func lossless(overwrite: Bool = false) -> FilmSettings {
    var settings = FilmSettings()
    settings.encoding = VideoEncoding(codec: .ffv1)
    settings.overwrite = overwrite
    return settings
}

/// All frames of a film.
func frames(of path: String) throws -> [VideoFrame] {
    let reader = try VideoReader(path: path)
    var frames: [VideoFrame] = []
    while let frame = try reader.next() { frames.append(frame) }
    return frames
}

/// Runs a program of FFmpeg and gives what it prints.
func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw RestorationError(.badRequest, "\(program) \(arguments.joined(separator: " ")) failed.")
    }
    return String(decoding: data, as: UTF8.self)
}

/// A stage that passes frames on, holding some back, and misbehaves on request.
struct TestStage: FrameStage {
    var held: [VideoFrame] = []
    var hold = 4
    var change: @Sendable (VideoFrame) throws -> [VideoFrame] = { [$0] }

    func outputFormat(for input: VideoFormat) throws -> VideoFormat { input }

    mutating func process(_ frame: VideoFrame) throws -> [VideoFrame] {
        held += try change(frame)
        guard held.count > hold else { return [] }
        return [held.removeFirst()]
    }

    mutating func finish() throws -> [VideoFrame] {
        defer { held = [] }
        return held
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description = "the test wants it so"
}
