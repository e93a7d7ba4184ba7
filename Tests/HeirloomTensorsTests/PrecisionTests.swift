import HeirloomTensors
import Testing

extension Tag {
    /// Needs a GPU.
    @Tag static var gpu: Self
}

/// The parity table in half precision and on a GPU, against float32 on the CPU. Cases that only create are left out.
@Suite struct PrecisionTests {
    private static let cases = ParityCase.all.filter { parity in
        !ParityCase.creation.contains { $0.name == parity.name }
    }

    /// Float16 keeps 11 bits: 5e-4 per rounding, over a handful of roundings.
    private static let halfTolerance = 1e-2
    /// Without TF32 a GPU differs from the CPU in the order of sums and in the last bits of transcendental functions.
    private static let floatTolerance = 1e-4

    @Test(arguments: cases.filter { $0.half == .everywhere }) func float16OnCPU(_ parity: ParityCase) throws {
        try compare(parity, on: .cpu, half: true)
    }

    @Test(
        .tags(.gpu), .enabled(if: Device.cudaCount > 0, "no CUDA device: \(Device.cudaUnavailableReason ?? "")"),
        arguments: cases)
    func float32OnCUDA(_ parity: ParityCase) throws {
        try compare(parity, on: .cuda, half: false)
    }

    @Test(
        .tags(.gpu), .enabled(if: Device.cudaCount > 0, "no CUDA device: \(Device.cudaUnavailableReason ?? "")"),
        arguments: cases.filter { $0.half != .never })
    func float16OnCUDA(_ parity: ParityCase) throws {
        try compare(parity, on: .cuda, half: true)
    }

    private func compare(_ parity: ParityCase, on device: Device, half: Bool) throws {
        let golden = try Golden.shared.get()
        // The reference starts from the same rounded inputs: this is about computing, not about storing.
        func rounded(_ x: Tensor) -> Tensor { half && x.dtype == .float32 ? x.to(dtype: .float16) : x }
        let reference = try parity.run(golden) { x in x.dtype == .float32 ? rounded(x).to(dtype: .float32) : x }
        let run = try parity.run(golden) { rounded($0).to(device: device) }
        let tolerance = half ? Self.halfTolerance : Self.floatTolerance
        try #require(run.outputs.count == reference.outputs.count)
        for (index, pair) in zip(run.outputs, reference.outputs).enumerated() {
            #expect(pair.0.device == device)
            let error = relativeError(pair.0, pair.1)
            #expect(error <= tolerance, "output \(index)")
        }
        for (index, gradient) in run.gradients {
            let (actual, expected) = try (#require(gradient), #require(reference.gradients[index] ?? nil))
            let error = relativeError(actual, expected)
            #expect(error <= tolerance, "gradient of input \(index)")
        }
    }
}
