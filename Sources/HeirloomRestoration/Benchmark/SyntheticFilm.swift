import Foundation
public import HeirloomMedia

/// A film made by arithmetic: soft shapes that drift over a textured ground, a cut every few seconds, grain. For
/// measuring and for tests; the same every time.
public struct SyntheticFilm: Sendable {
    /// What the frames have in common.
    public let format: VideoFormat
    /// Frames from one cut to the next.
    public let framesPerShot: Int

    /// A film of the given size.
    public init(width: Int = 640, height: Int = 480, pixelFormat: PixelFormat = .yuv420p8, framesPerShot: Int = 60) {
        let color = ColorInfo().resolved(width: width, height: height).color
        format = VideoFormat(
            width: width, height: height, pixelFormat: pixelFormat, color: color, timeBase: Rational(1, 24000),
            frameRate: Rational(24, 1))
        self.framesPerShot = framesPerShot
    }

    /// A frame by its number.
    public func frame(_ index: Int) -> VideoFrame {
        let (width, height) = (format.width, format.height)
        let shot = index / framesPerShot
        let time = Float(index % framesPerShot)
        let (low, span): (Float, Float) = format.color.range == .full ? (0, 255) : (16, 219)
        let step = 1 << (format.pixelFormat.bitDepth - 8)
        // One period of each wave in a table: a frame costs a few additions per sample.
        let columns = (0..<width).map { sin(Float($0 + shot * 37) * 0.031 + time * 0.05) }
        let rows = (0..<height).map { sin(Float($0 + shot * 53) * 0.043 - time * 0.03) }
        let center = (
            x: Float(width) * (0.5 + 0.3 * sin(time * 0.04 + Float(shot))),
            y: Float(height) * (0.5 + 0.2 * cos(time * 0.05 + Float(shot)))
        )
        let radius = Float(min(width, height)) * 0.2
        var noise = UInt32(truncatingIfNeeded: index &* 2_654_435_761 &+ 12345)
        var luma = [UInt16](repeating: 0, count: width * height)
        for y in 0..<height {
            for x in 0..<width {
                let (dx, dy) = (Float(x) - center.x, Float(y) - center.y)
                let isInside = dx * dx + dy * dy < radius * radius
                noise = noise &* 1_664_525 &+ 1_013_904_223
                let grain = Float(noise >> 24) / 255 - 0.5
                let value = 0.5 + 0.2 * columns[x] * rows[y] + (isInside ? 0.2 : 0) + 0.03 * grain
                luma[y * width + x] = UInt16(low + span * min(max(value, 0), 1)) * UInt16(step)
            }
        }
        let bytesPerSample = format.pixelFormat.bytesPerSample
        let bytes = bytesPerSample == 1 ? luma.map { UInt8($0) } : luma.withUnsafeBytes { [UInt8]($0) }
        var planes = [VideoFrame.Plane(width: width, height: height, bytesPerRow: width * bytesPerSample, bytes: bytes)]
        for plane in 1..<format.pixelFormat.planeCount {
            let size = format.pixelFormat.planeSize(plane, width: width, height: height)
            let neutral = [UInt16](repeating: UInt16(format.pixelFormat.neutral), count: size.width * size.height)
            planes.append(
                VideoFrame.Plane(
                    width: size.width, height: size.height, bytesPerRow: size.width * bytesPerSample,
                    bytes: bytesPerSample == 1 ? neutral.map { UInt8($0) } : neutral.withUnsafeBytes { [UInt8]($0) }))
        }
        return VideoFrame(
            width: width, height: height, pixelFormat: format.pixelFormat, color: format.color, planes: planes,
            pts: MediaTime(Int64(index) * 1000, format.timeBase), duration: MediaTime(1000, format.timeBase),
            index: index)
    }

    /// Writes the first frames as a film.
    public func write(to path: String, frames: Int, encoding: VideoEncoding, overwrite: Bool = false) throws {
        let writer = try VideoWriter(path: path, format: format, encoding: encoding, overwrite: overwrite)
        for index in 0..<frames { try writer.write(frame(index)) }
        _ = try writer.finish()
    }
}
