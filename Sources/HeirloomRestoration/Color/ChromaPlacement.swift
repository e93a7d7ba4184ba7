import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors

/// Brings the maps of a guided model from the network's picture to a film's chroma planes: matrix, margin, siting, size.
struct ChromaPlacement {
    /// Whether the network's luma is made from luma that was averaged at the chroma sites: cheaper, and its positions
    /// are those of chroma already. Only where that is still much larger than what the network sees.
    let usesChromaSizedLuma: Bool
    private let size: RenderSize
    private let plane: (width: Int, height: Int)
    /// How far right and down chroma samples sit of where a plain enlargement would put them, in network samples.
    private let offset: (x: Double, y: Double)
    /// `[4, 4, 1, 1]`: the matrix for slopes and for intercepts; nil for BT.601.
    private let mix: Tensor?

    init(format: VideoFormat, size: RenderSize, matrix: YCbCrMatrix, device: Device) {
        self.size = size
        plane = format.pixelFormat.planeSize(1, width: format.width, height: format.height)
        usesChromaSizedLuma = 2 * plane.width >= 3 * size.width && 2 * plane.height >= 3 * size.height
        let siting = ChromaSiting(format.pixelFormat, format.color.chromaLocation)
        offset =
            usesChromaSizedLuma
            ? (0, 0)
            : (
                siting.horizontal.offset * Double(size.width) / Double(format.width),
                siting.vertical.offset * Double(size.height) / Double(format.height)
            )
        guard matrix != .bt601 else {
            mix = nil
            return
        }
        let rows = ChromaMatrix(to: matrix).rows.map { $0.map(Float.init) }
        let (a, b) = (rows[0], rows[1])
        mix = Tensor(
            [a[0], a[1], 0, 0] + [b[0], b[1], 0, 0] + [0, 0, a[0], a[1]] + [0, 0, b[0], b[1]], shape: [4, 4, 1, 1],
            device: device)
    }

    /// `[1, 4, H, W]` at the network's padded size → `[1, 4, H', W']` at the size of the chroma planes.
    func placed(_ maps: Tensor) -> Tensor {
        var maps = maps.sliced(axis: 2, from: 0, to: size.height).sliced(axis: 3, from: 0, to: size.width)
        if let mix { maps = maps.conv2d(mix) }
        // A picture of a few samples is enlarged so much that half a sample of the film is many of the network's.
        if offset.x != 0 || offset.y != 0 {
            maps = maps.shifted(right: min(max(offset.x, -1), 1), down: min(max(offset.y, -1), 1))
        }
        return maps.resized(height: plane.height, width: plane.width)
    }
}
