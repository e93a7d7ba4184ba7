import HeirloomTensors
import Testing

/// Mistakes of the program trap, and say which operation had which operands.
@Suite struct TrapTests {
    /// A mistake by name, what it does, and what standard error must contain.
    private static let mistakes: [String: (body: @Sendable () -> Void, message: String)] = [
        "matmul": (
            { _ = Tensor.ones([2, 3]).matmul(.ones([4, 5])) },
            "matmul(float32[2, 3], float32[4, 5]): invalid operation"
        ),
        "broadcast": ({ _ = Tensor.ones([2, 3]) + Tensor.ones([4], dtype: .int64) }, "+(float32[2, 3], int64[4])"),
        "reshaped": ({ _ = Tensor.ones([2, 3]).reshaped([7]) }, "reshaped [7](float32[2, 3])"),
        "concatenated": (
            { _ = concatenated([.ones([2, 3]), .ones([2, 2])], axis: 0) },
            "concatenated(float32[2, 3], float32[2, 2])"
        ),
        "conv2d": (
            { _ = Tensor.ones([1, 3, 8, 8]).conv2d(.ones([4, 2, 3, 3])) },
            "convolution(float32[1, 3, 8, 8], float32[4, 2, 3, 3])"
        ),
        "index": ({ _ = Tensor.ones([2, 3])[5] }, "selected(float32[2, 3])"),
        "too many indices": ({ _ = Tensor.ones([2, 3])[0, 0, 0] }, "subscript with 3 indices of float32[2, 3]"),
        "two ellipses": (
            { _ = Tensor.ones([2, 3])[TensorIndex.ellipsis, TensorIndex.ellipsis] },
            "two ellipses for float32[2, 3]"
        ),
        "axis": ({ _ = Tensor.ones([2, 3]).swappingAxes(0, 2) }, "swappingAxes(0, 2) of float32[2, 3]"),
        "split": ({ _ = Tensor.ones([2, 3]).split(every: 0, axis: 1) }, "split(every: 0, axis: 1) of float32[2, 3]"),
        "item": ({ _ = Tensor.ones([2, 3]).item() }, "item() of a tensor with 6 elements: float32[2, 3]"),
        "scalars": ({ _ = Tensor.ones([2, 3]).scalars(as: Double.self) }, "scalars(as: Double) of float32[2, 3]"),
        "withUnsafeBytes": (
            { Tensor.ones([2, 3]).swappingAxes(0, 1).withUnsafeBytes { _ in } },
            "withUnsafeBytes of float32[3, 2]"
        ),
        "init": (
            { _ = Tensor([1, 2, 3] as [Float], shape: [2, 2]) },
            "3 scalars do not fill a tensor of shape [2, 2]"
        ),
        "backward": ({ Tensor.ones([2, 3]).requireGradient().exp().backward() }, "backward(float32[2, 3])"),
        "setGradient": (
            { Tensor.ones([2, 3]).requireGradient().setGradient(.ones([2])) },
            "setGradient(float32[2, 3])"
        ),
        "loss": ({ _ = Tensor.ones([2, 1]).l1Loss(.ones([2])) }, "l1Loss(float32[2, 1], float32[2])"),
        "mixed precision": ({ withMixedPrecision(.float32, on: .cpu) {} }, "mixed precision in float32"),
        "aligned nearest": (
            { _ = Tensor.ones([1, 1, 2, 2]).resized(height: 4, width: 4, mode: .nearest, alignCorners: true) },
            "resized to 4×4(float32[1, 1, 2, 2])"
        ),
        "adamWStep": (
            {
                TensorList.adamWStep(
                    parameters: [.ones([2])], gradients: [], firstMoments: [], secondMoments: [], steps: [], rate: 1,
                    beta1: 0, beta2: 0, weightDecay: 0, epsilon: 1)
            }, "adamWStep: lists of different lengths"
        ),
    ]

    @Test(arguments: mistakes.keys.sorted()) func traps(_ name: String) async throws {
        let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [name] in TrapTests.mistakes[name]?.body()
        }
        let text = String(decoding: result.standardErrorContent, as: UTF8.self)
        let expected = try #require(Self.mistakes[name]).message
        #expect(text.contains(expected), "standard error: \(text)")
    }
}
