import HeirloomSignals
public import HeirloomTensors

/// How Real-ESRGAN's own programs enlarge a picture: padding by mirroring, hard-seamed tiles, grey and alpha through the
/// same network, clamping and rounding. Equal output for equal weights.
///
/// Heirloom's own tiler (`heirloom upscale` unless it is told to give the network's own output) has no seams; this one is
/// for comparison with the originals, and for their answer digit for digit.
public struct OriginalUpscaling: Hashable, Sendable {
    /// Side of a tile in pixels of the input; 0 runs the picture whole.
    public var tile: Int
    /// Pixels that a tile sees on each side beyond itself.
    public var tilePadding: Int
    /// Pixels that are mirrored to the right and below before anything else: 0 in the original's program, 10 in its class.
    public var prePadding: Int
    /// Where the network computes.
    public var device: Device
    /// The element type that the network takes and gives.
    public var dtype: DType

    /// Describes a run; the defaults are those of the original's program, but for its half precision.
    /// - Precondition: No number is negative.
    public init(
        tile: Int = 0, tilePadding: Int = 10, prePadding: Int = 0, device: Device = .cpu, dtype: DType = .float32
    ) {
        precondition(
            tile >= 0 && tilePadding >= 0 && prePadding >= 0,
            "tiles and paddings of \(tile), \(tilePadding), \(prePadding)")
        self.tile = tile
        self.tilePadding = tilePadding
        self.prePadding = prePadding
        self.device = device
        self.dtype = dtype
    }

    /// The range of samples that the original assumes: 65,535 where the largest exceeds 256, else 255.
    ///
    /// So an almost black 16-bit picture is taken for one of 8 bits; pass the file's own range to avoid it.
    public static func assumedMaximum(of samples: Tensor) -> Int { samples.max().item() > 256 ? 65_535 : 255 }

    /// A picture of whole numbers, enlarged.
    ///
    /// Grey goes through the network three times over and comes back as BT.601 luma, and so does alpha.
    /// - Shape: `[1, C, H, W]` → int32 `[1, C, H · scale, W · scale]`; C is 1 (grey), 2 (grey, alpha), 3 or 4 (RGB, alpha).
    /// - Parameters:
    ///   - samples: 0...maximum, of any element type.
    ///   - network: On the device and of the element type of this run.
    public func callAsFunction(_ samples: Tensor, maximum: Int, by network: any ImageRestorer) -> Tensor {
        let shape = samples.shape
        precondition(
            shape.count == 4 && shape[0] == 1 && (1...4).contains(shape[1]) && [255, 65_535].contains(maximum),
            "OriginalUpscaling of \(samples.summary): expected [1, 1...4, H, W] of 8 or 16 bits")
        let x = samples.to(dtype: .float32) / Double(maximum)
        let colors = shape[1] >= 3 ? 3 : 1
        var parts = [planes(x.sliced(axis: 1, from: 0, to: colors), network)]
        if shape[1] > colors { parts.append(planes(x.sliced(axis: 1, from: colors), network)) }
        // Rounds half to even, as the original does.
        return (concatenated(parts, axis: 1) * Double(maximum)).rounded().to(dtype: .int32)
    }

    /// Three planes, or one as grey, enlarged and clamped.
    private func planes(_ x: Tensor, _ network: any ImageRestorer) -> Tensor {
        let isGrey = x.shape[1] == 1
        let y = enlarged(isGrey ? x.expanded([-1, 3, -1, -1]) : x, by: network).clamped(to: 0...1)
        guard isGrey else { return y }
        func plane(_ index: Int) -> Tensor { y.sliced(axis: 1, from: index, to: index + 1) }
        return plane(0) * 0.299 + plane(1) * 0.587 + plane(2) * 0.114
    }

    /// The network's output, padded, cut into tiles, joined and cropped, in float32 and not clamped.
    /// - Shape: `[N, 3, H, W]` → `[N, 3, H · scale, W · scale]`, any H and W.
    /// - Precondition: Tile and padding are multiples of the network's `sizeMultiple`.
    public func enlarged(_ x: Tensor, by network: any ImageRestorer) -> Tensor {
        let description = network.description
        let (scale, multiple) = (description.scale, description.sizeMultiple)
        precondition(
            tile == 0 || (tile % multiple == 0 && tilePadding % multiple == 0),
            "tiles of \(tile) with \(tilePadding) around them are not multiples of the network's \(multiple)")
        let padded = x.paddedByReflection(bottom: prePadding, right: prePadding).paddedByReflection(
            toMultipleOf: multiple)
        let y = tile == 0 ? run(padded, network) : tiled(padded, scale, network)
        return y.sliced(axis: 2, from: 0, to: x.shape[2] * scale).sliced(axis: 3, from: 0, to: x.shape[3] * scale)
    }

    /// Tiles of the given size and what they see around them, without padding beyond the picture; each one's own part of
    /// the output beside the others.
    private func tiled(_ x: Tensor, _ scale: Int, _ network: any ImageRestorer) -> Tensor {
        let (height, width) = (x.shape[2], x.shape[3])
        let rows = stride(from: 0, to: height, by: tile).map { top in
            let (from, to) = (max(top - tilePadding, 0), min(top + tile + tilePadding, height))
            let tiles = stride(from: 0, to: width, by: tile).map { left in
                let (first, last) = (max(left - tilePadding, 0), min(left + tile + tilePadding, width))
                let y = run(x.sliced(axis: 2, from: from, to: to).sliced(axis: 3, from: first, to: last), network)
                return y.sliced(
                    axis: 2, from: (top - from) * scale, to: (min(top + tile, height) - from) * scale
                ).sliced(axis: 3, from: (left - first) * scale, to: (min(left + tile, width) - first) * scale)
            }
            return concatenated(tiles, axis: 3)
        }
        return concatenated(rows, axis: 2)
    }

    private func run(_ x: Tensor, _ network: any ImageRestorer) -> Tensor {
        network(x.to(dtype: dtype, device: device).contiguous()).to(dtype: .float32, device: .cpu)
    }
}
