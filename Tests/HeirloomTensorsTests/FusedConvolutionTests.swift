import HeirloomTensors
import TestSupport
import Testing

/// Packed convolutions against plain ones in float64.
///
/// Tolerances: the weights have He's deviation, so that results are of the order of one whatever the number of channels.
/// Winograd's transforms multiply the rounding errors of float32 by about ten: 1e-6 to 4e-6 was measured at 192 channels.
/// A wrong sample or weight anywhere is an error of at least a hundredth.
@Suite(.enabled(if: PackedConvolution.isAvailable(.float32, on: .cpu)))
struct FusedConvolutionTests {
    private static let dtypes = [DType.float32, .bfloat16].filter { PackedConvolution.isAvailable($0, on: .cpu) }

    /// Some layer and what it is fed.
    private struct Case {
        let weight: Tensor, bias: Tensor?, slope: Tensor?, x: Tensor
        let packed: PackedConvolution
        let generator: Generator

        init(
            _ channels: (Int, Int), height: Int, width: Int, batch: Int = 1, bias: Bool = true, slopes: Int = 0,
            dtype: DType = .float32, seed: UInt64 = 1
        ) {
            let (inputs, outputs) = channels
            generator = Generator(seed: seed)
            let deviation = (2 / Double(9 * inputs)).squareRoot()
            weight = .normal([outputs, inputs, 3, 3], standardDeviation: deviation, using: generator)
            self.bias = bias ? .normal([outputs], using: generator) : nil
            slope = slopes > 0 ? .uniform([slopes], from: -0.5, to: 0.5, using: generator) : nil
            x = Tensor.normal([batch, inputs, height, width], using: generator).to(dtype: dtype)
                .contiguous(.channelsLast)
            packed = PackedConvolution(weight: weight, bias: self.bias, slope: slope)
        }

        func expected(enlargement: Int = 1) -> Tensor {
            var x = self.x.to(dtype: .float64)
            if enlargement > 1 {
                x = x.resized(
                    height: x.shape[2] * enlargement, width: x.shape[3] * enlargement, mode: .nearest)
            }
            let y = x.conv2d(weight.to(dtype: .float64), bias: bias?.to(dtype: .float64), padding: (1, 1))
            return slope.map { y.prelu($0.to(dtype: .float64)) } ?? y
        }

        func result(enlargement: Int = 1, adding additions: [PackedConvolution.Addition] = []) -> Tensor {
            let shape = x.shape
            let result = Tensor.full(
                [shape[0], weight.shape[0], shape[2] * enlargement, shape[3] * enlargement], .nan, dtype: x.dtype
            ).contiguous(.channelsLast)
            packed.write(x, enlargement: enlargement, adding: additions, to: result)
            return result
        }
    }

    private func expectClose(_ result: Tensor, _ expected: Tensor, _ what: String) {
        // Half a unit in the last of bfloat16's eight bits; the pictures that go in are the same.
        TestSupport.expectClose(
            result.to(dtype: .float64), expected, absolute: 1e-5, relative: result.dtype == .bfloat16 ? 0.004 : 1e-5,
            what)
    }

    @Test(arguments: [(1, 1), (3, 64), (5, 7), (16, 16), (20, 50), (33, 3), (64, 48), (160, 32), (192, 64)])
    func channels(inputs: Int, outputs: Int) {
        for dtype in Self.dtypes {
            let layer = Case((inputs, outputs), height: 9, width: 14, slopes: outputs, dtype: dtype)
            expectClose(layer.result(), layer.expected(), "\(inputs)→\(outputs) \(dtype)")
        }
    }

    @Test(arguments: [(1, 1), (1, 7), (2, 3), (4, 4), (5, 9), (16, 12), (31, 50)])
    func sizes(height: Int, width: Int) {
        for dtype in Self.dtypes {
            let layer = Case((6, 18), height: height, width: width, batch: 3, slopes: 1, dtype: dtype)
            expectClose(layer.result(), layer.expected(), "\(height)×\(width) \(dtype)")
        }
    }

    @Test(arguments: [(false, 0), (true, 0), (false, 1), (true, 40)])
    func biasAndSlopes(bias: Bool, slopes: Int) {
        let layer = Case((17, 40), height: 6, width: 6, bias: bias, slopes: slopes)
        expectClose(layer.result(), layer.expected(), "bias \(bias), \(slopes) slopes")
    }

    @Test(arguments: [1, 2, 3]) func enlargement(factor: Int) {
        for dtype in Self.dtypes {
            let layer = Case((24, 24), height: 5, width: 7, batch: 2, slopes: 1, dtype: dtype)
            expectClose(layer.result(enlargement: factor), layer.expected(enlargement: factor), "×\(factor) \(dtype)")
        }
    }

    @Test func additionsMayLieWhereTheResultGoes() {
        for dtype in Self.dtypes {
            let layer = Case((32, 32), height: 10, width: 11, slopes: 1, dtype: dtype)
            let first = Tensor.normal([1, 32, 10, 11], using: layer.generator).to(dtype: dtype)
                .contiguous(.channelsLast)
            let second = Tensor.normal([1, 32, 10, 11], using: layer.generator).to(dtype: dtype)
                .contiguous(.channelsLast)
            let expected =
                layer.expected() + first.to(dtype: .float64) * 0.2 + second.to(dtype: .float64)
            expectClose(
                layer.result(adding: [.init(first, scale: 0.2), .init(second)]), expected, "beside, \(dtype)")
            layer.packed.write(layer.x, adding: [.init(first, scale: 0.2), .init(second)], to: second)
            expectClose(second, expected, "in place, \(dtype)")
        }
    }

    /// Reads some channels of a buffer and writes others, as dense blocks do.
    @Test func slicesOfOneBuffer() {
        for dtype in Self.dtypes {
            let layer = Case((24, 16), height: 9, width: 9, batch: 2, slopes: 1, dtype: dtype)
            let room = Tensor.normal([2, 64, 9, 9], using: layer.generator).to(dtype: dtype).contiguous(.channelsLast)
            room.sliced(axis: 1, from: 8, to: 32).copy(from: layer.x)
            let before = room.copied()
            layer.packed.write(
                room.sliced(axis: 1, from: 8, to: 32), to: room.sliced(axis: 1, from: 40, to: 56))
            expectClose(room.sliced(axis: 1, from: 40, to: 56), layer.expected(), "\(dtype)")
            for kept in [0..<40, 56..<64] {
                expectEqual(
                    room.sliced(axis: 1, from: kept.lowerBound, to: kept.upperBound),
                    before.sliced(axis: 1, from: kept.lowerBound, to: kept.upperBound), "channels \(kept)")
            }
        }
    }

    /// Neither the number of threads nor a cut at multiples of four changes a bit.
    @Test func sameBitsWhateverTheShares() {
        let layer = Case((32, 32), height: 40, width: 36, slopes: 1)
        let whole = layer.result()
        let threads = Runtime.threads
        defer { Runtime.threads = threads }
        for count in [1, 2, 5] {
            Runtime.threads = count
            expectEqual(layer.result(), whole, "\(count) threads")
        }
        let part = Tensor.empty([1, 32, 24, 20], format: .channelsLast)
        layer.packed.write(
            layer.x.sliced(axis: 2, from: 8, to: 32).sliced(axis: 3, from: 12, to: 32), to: part)
        expectEqual(
            part.sliced(axis: 2, from: 4, to: 20).sliced(axis: 3, from: 4, to: 16),
            whole.sliced(axis: 2, from: 12, to: 28).sliced(axis: 3, from: 16, to: 28), "cut")
    }

    @Test func notANumberIsNotLost() {
        for dtype in Self.dtypes {
            let layer = Case((8, 8), height: 12, width: 12, slopes: 1, dtype: dtype)
            layer.x[0, 3, 5, 5].fill(.nan)
            let result = layer.result().to(dtype: .float32)
            #expect(result[0, 0, 4...6, 4...6].floats.allSatisfy { $0.isNaN })
            #expect(result[0, 0, 9..., 9...].floats.allSatisfy { !$0.isNaN }, "far away")
        }
    }

    @Test func refusesWhatDoesNotFit() {
        let layer = Case((8, 8), height: 6, width: 6)
        let room = Tensor.zeros([1, 16, 6, 6]).contiguous(.channelsLast)
        func fails(_ reason: String, _ body: () -> Void) {
            let error = #expect(throws: TorchError.self) { try recovering(body) }
            #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "no error")")
        }
        fails("write over its own input") {
            layer.packed.write(room.sliced(axis: 1, from: 0, to: 8), to: room.sliced(axis: 1, from: 4, to: 12))
        }
        fails("an output of shape") { layer.packed.write(layer.x, to: room) }
        fails("an input of shape") {
            layer.packed.write(room, to: .empty([1, 8, 6, 6], format: .channelsLast))
        }
        fails("side by side") { layer.packed.write(layer.x.contiguous(), to: layer.x.copied(.channelsLast)) }
        fails("not available") {
            layer.packed.write(layer.x, to: .empty([1, 8, 6, 6], dtype: .float64, format: .channelsLast))
        }
        fails("an addition of") {
            _ = layer.result(adding: [.init(layer.x.to(dtype: .float64))])
        }
        fails("no gradient") {
            let trained = layer.x.copied(.channelsLast)
            trained.requireGradient()
            layer.packed.write(trained, to: .empty([1, 8, 6, 6], format: .channelsLast))
        }
        fails("not [O, C, 3, 3]") { _ = PackedConvolution(weight: .ones([4, 4, 5, 5])) }
    }
}
