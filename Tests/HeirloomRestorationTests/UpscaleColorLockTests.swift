@testable import HeirloomRestoration
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

/// The low frequencies of the result are the source's.
@Suite struct UpscaleColorLockTests {
    /// A structured picture with hard edges, fine texture, black and white areas: `[1, 3, H, W]`.
    static func scene(height: Int, width: Int) -> Tensor {
        let y = Tensor.range(to: Double(height)).reshaped([1, 1, height, 1]) / Double(height)
        let x = Tensor.range(to: Double(width)).reshaped([1, 1, 1, width]) / Double(width)
        let planes = (0..<3).map { channel -> Tensor in
            let slow = ((x * 3 + Double(channel)).sin() + (y * 5 - Double(channel)).cos()) * 0.35 + 0.5
            let edges = ((x * 40).sin() * (y * 30).cos()).sign() * 0.25
            return (slow + edges).clamped(to: 0...1)
        }
        return concatenated(planes, axis: 1)
    }

    /// What a network trained to please may do: darker, tinted, too sharp, with invented texture, out of range.
    static func careless(_ source: Tensor, scale: Int) -> Tensor {
        let (height, width) = (source.shape[2] * scale, source.shape[3] * scale)
        let large = source.resampled(height: height, width: width, kernel: .bicubic)
        let soft = large.meanPooled(kernel: 3, stride: 1, countingPadding: false).resized(height: height, width: width)
        let noise = Tensor.normal(large.shape, using: Generator(seed: 9)) * 0.05
        let tint = Tensor([-0.05, -0.02, 0.03] as [Float], shape: [1, 3, 1, 1])
        return (large + (large - soft) * 1.5 + noise) * 0.95 + tint
    }

    /// The distance of the low frequencies of a result from the source's, as PSNR in dB.
    static func fidelity(_ result: Tensor, to source: Tensor) throws -> Double {
        let reduced = result.resampled(height: source.shape[2], width: source.shape[3], kernel: .area)
        let both = try [reduced, source].map { try whole(RowStream($0).smoothed(sigma: 3)) }
        return -10 * (both[0] - both[1]).squared().mean().log10().item()
    }

    static func whole(_ stream: RowStream) throws -> Tensor { try stream.reader().rows(0..<stream.height) }

    @Test(
        "at any strength and size the low frequencies are the source's", arguments: [0.0, 0.3, 1.0],
        [(2, 2.0), (4, 2.7)])
    func fidelity(strength: Double, sizes: (scale: Int, factor: Double)) throws {
        let source = Self.scene(height: 96, width: 120)
        let network = Self.careless(source, scale: sizes.scale)
        let (height, width) = (Int(96 * sizes.factor), Int(120 * sizes.factor))
        func result(locked: Bool) throws -> Tensor {
            let stream = RowStream(source)
            let enlargement = Enlargement(width: width, height: height, strength: strength, locksColor: locked)
            return try withoutGradients {
                try Self.whole(
                    enlargement.result(
                        of: stream, network: enlargement.usesNetwork(width: 120, height: 96) ? RowStream(network) : nil)
                )
            }
        }
        let locked = try result(locked: true)
        #expect(locked.shape == [1, 3, height, width])
        #expect(locked.min().item() >= 0 && locked.max().item() <= 1)
        let reached = try Self.fidelity(locked, to: source)
        #expect(reached >= 40, "\(reached) dB")
        let free = try Self.fidelity(try result(locked: false), to: source)
        if strength == 1 { #expect(free < 35, "without the lock it must fail, not \(free) dB") }
    }

    @Test("the lock leaves fine detail alone")
    func detail() throws {
        let source = Self.scene(height: 64, width: 64) * 0.5 + 0.25
        let large = source.resampled(height: 128, width: 128, kernel: .bicubic)
        // A pattern of two pixels, whose mean over a pixel of the source is zero.
        let signs: [Float] = (0..<128 * 128).map { (($0 / 128) + $0 % 128) % 2 == 0 ? 0.1 : -0.1 }
        let detailed = large + Tensor(signs, shape: [1, 1, 128, 128])
        let (plain, locked) = try withoutGradients {
            (
                try Self.whole(ColorLock.locked(RowStream(large), to: RowStream(source))),
                try Self.whole(ColorLock.locked(RowStream(detailed), to: RowStream(source)))
            )
        }
        let error = ((locked - plain) - (detailed - large)).abs()
        #expect(error.mean().item() < 0.002, "of a pattern of 0.1")
    }

    @Test("a picture in steps equals the same picture at once")
    func steps() throws {
        let source = Self.scene(height: 100, width: 4096)
        let network = source.resampled(height: 200, width: 8192, kernel: .bicubic) * 0.9
        let stepped = try withoutGradients {
            let result = ColorLock.locked(RowStream(network), to: RowStream(source))
            let reader = result.reader()
            return concatenated(
                try stride(from: 0, to: 200, by: 25).map { try reader.rows($0..<$0 + 25) }, axis: 2)
        }
        let once = try withoutGradients {
            try Self.whole(ColorLock.locked(RowStream(network), to: RowStream(source)))
        }
        #expect((stepped - once).abs().max().item() < 1e-6)
    }

    @Test("the original's own resizing gives whole numbers and ignores the lock's steps")
    func originalResizing() throws {
        let source = Self.scene(height: 20, width: 30)
        let network = Self.careless(source, scale: 4)
        var enlargement = Enlargement(width: 75, height: 50, strength: 1, locksColor: false)
        enlargement.originalMaximum = 255
        let result = try withoutGradients {
            try Self.whole(enlargement.result(of: RowStream(source), network: RowStream(network)))
        }
        let expected = LanczosResizing.resized(
            (network.clamped(to: 0...1) * 255).rounded().to(dtype: .uint8), height: 50, width: 75, maximum: 255)
        #expect((result * 255).rounded().to(dtype: .uint8).isEqual(to: expected))
    }
}
