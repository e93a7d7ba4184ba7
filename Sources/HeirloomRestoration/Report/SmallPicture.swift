import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors

/// A frame made small, in colour: what a report measures and shows.
///
/// Luma and chroma are shrunk for themselves, so a large frame costs one look at each sample and no memory. At such sizes
/// it does not matter where between the luma samples the chroma samples sat.
struct SmallPicture {
    /// Pixels across, square ones.
    let width: Int
    /// Pixels down.
    let height: Int
    /// Red, green, blue, 0...1, sRGB-coded. Shape `[1, 3, height, width]`.
    let rgb: Tensor

    /// Shrinks a frame, or enlarges it linearly where it is smaller.
    ///
    /// - Precondition: width and height are positive.
    init(_ frame: VideoFrame, width: Int, height: Int) {
        self.width = width
        self.height = height
        let reduce = LumaReducer(width: width, height: height, paddedWidth: width, paddedHeight: height)
        let luma = Tensor(reduce(frame), shape: [1, 1, height, width])
        guard frame.pixelFormat.planeCount == 3 else {
            rgb = concatenated([luma, luma, luma], axis: 1)
            return
        }
        let scale = SampleScale.chroma(of: frame.pixelFormat, range: frame.color.range)
        let planes = (1...2).map { Tensor(reduce(frame.plane($0)), shape: [1, 1, height, width]) }
        let codes = concatenated(planes, axis: 1) * Double(frame.pixelFormat.maximum)
        let chroma = (codes - Double(scale.zero)) / Double(scale.span)
        let matrix = YCbCrMatrix(frame.color.matrix) ?? .bt709
        rgb = matrix.combined(luma: luma, chroma: chroma).clamped(to: 0...1)
    }

    /// The picture as a JPEG file.
    func jpeg(quality: Int) throws -> [UInt8] {
        let samples = (rgb * 255).rounded().floats
        let count = width * height
        var pixels = [UInt8](repeating: 0, count: 3 * count)
        for place in 0..<count {
            for channel in 0..<3 { pixels[3 * place + channel] = UInt8(samples[channel * count + place]) }
        }
        let image = StillImage(width: width, height: height, channels: .rgb, depth: .eight, pixels: pixels)
        return try StillWriter.encode(image, as: .jpeg, options: StillWriteOptions(quality: quality)).bytes
    }

    /// The size with square pixels and the longer side at most `side` in which a film is shown; never larger than it is.
    static func size(of format: VideoFormat, side: Int) -> (width: Int, height: Int) {
        let aspect = format.sampleAspectRatio.doubleValue
        let (width, height) = (Double(format.width) * max(aspect, 1), Double(format.height) / min(aspect, 1))
        let factor = min(1, Double(side) / max(width, height))
        return (max(1, Int((width * factor).rounded())), max(1, Int((height * factor).rounded())))
    }
}

extension VideoFrame {
    /// One plane as a picture of its own whose brightness 0...1 stands for all code values.
    func plane(_ number: Int) -> VideoFrame {
        VideoFrame(
            width: planes[number].width, height: planes[number].height, pixelFormat: pixelFormat.with(chroma: .grey),
            color: ColorInfo(range: .full), planes: [planes[number]], pts: pts, duration: duration, index: index)
    }
}
