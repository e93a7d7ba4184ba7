import Foundation
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct MotionTests {
    /// A random picture with structure of every size, read at an offset: what a camera sees when it moves.
    private func picture(height: Int, width: Int, right: Double = 0, down: Double = 0) -> Tensor {
        func lattice(_ y: Int, _ x: Int, _ octave: Int) -> Double {
            var hash = UInt64(bitPattern: Int64(y &* 73_856_093 ^ x &* 19_349_663 ^ octave &* 83_492_791))
            hash = (hash ^ (hash >> 31)) &* 0x9E37_79B9_7F4A_7C15
            return Double((hash ^ (hash >> 29)) >> 40) / Double(1 << 24)
        }
        func noise(_ y: Double, _ x: Double, _ octave: Int) -> Double {
            let (row, column) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
            func ease(_ t: Double) -> Double { t * t * (3 - 2 * t) }
            let (v, u) = (ease(y - Double(row)), ease(x - Double(column)))
            let above = lattice(row, column, octave) * (1 - u) + lattice(row, column + 1, octave) * u
            let below = lattice(row + 1, column, octave) * (1 - u) + lattice(row + 1, column + 1, octave) * u
            return above * (1 - v) + below * v
        }
        let values = (0..<height).flatMap { y in
            (0..<width).map { x in
                [(40.0, 0.5), (17, 0.3), (7, 0.2)].enumerated().reduce(Float(0)) { sum, octave in
                    let (size, strength) = octave.element
                    return sum
                        + Float(strength * noise((Double(y) + down) / size, (Double(x) + right) / size, octave.offset))
                }
            }
        }
        return Tensor(values, shape: [1, 1, height, width])
    }

    @Test(arguments: [(0.0, 0.0), (3, 0), (-5, 2), (1.5, -2.5), (12, 7)])
    func motionIsFound(right: Double, down: Double) {
        let reference = picture(height: 96, width: 160)
        let current = picture(height: 96, width: 160, right: right, down: down)
        let flow = BlockMatcher().flow(from: current, to: reference)
        #expect(flow.shape == [1, 2, 96, 160])
        let inside = flow[0, TensorIndex.all, 24..<72, 24..<136]
        let error = (inside - Tensor([Float(right), Float(down)], shape: [2, 1, 1])).abs().mean().item()
        // Blocks cover four samples: a fifth of one.
        #expect(error < 0.8, "mean error \(error)")
        let residual = (Warp(flow: flow)(reference) - current).abs()[0, 0, 24..<72, 24..<136].mean().item()
        let still = (reference - current).abs()[0, 0, 24..<72, 24..<136].mean().item()
        #expect(residual < max(0.35 * still, 0.004), "residual \(residual) of \(still)")
    }

    @Test func flatPicturesAreStill() {
        let generator = Generator(seed: 3)
        let noise = { Tensor.uniform([1, 1, 64, 64], from: 0.49, to: 0.51, using: generator) }
        let flow = BlockMatcher().flow(from: noise(), to: noise())
        #expect(flow.abs().max().item() < 1, "\(flow.abs().max().item())")
    }

    @Test(arguments: [(30, 50), (17, 65)])
    func anySizeIsTaken(height: Int, width: Int) {
        let flow = BlockMatcher().flow(
            from: picture(height: height, width: width), to: picture(height: height, width: width))
        #expect(flow.shape == [1, 2, height, width])
        #expect(flow.abs().max().item() < 0.5)
    }

    @Test func warpReadsAlongTheFlow() {
        let source = Tensor((0..<24).map(Float.init), shape: [1, 1, 4, 6])
        let flow = Tensor.zeros([1, 2, 4, 6])
        expectClose(Warp(flow: flow)(source), source, absolute: 1e-5)
        let right = concatenated([Tensor.ones([1, 1, 4, 6]), Tensor.zeros([1, 1, 4, 6])], axis: 1)
        expectClose(
            Warp(flow: right)(source)[0, 0, TensorIndex.all, 0..<5], source[0, 0, TensorIndex.all, 1..<6],
            absolute: 1e-4)
        // Edges repeat.
        expectClose(
            Warp(flow: right)(source)[0, 0, TensorIndex.all, 5], source[0, 0, TensorIndex.all, 5], absolute: 1e-4)
    }
}
