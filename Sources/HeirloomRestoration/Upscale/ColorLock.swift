import HeirloomTensors

/// Gives an enlarged picture the low frequencies of its source: the colours and the brightness of every area are what
/// they were, and the network decides the fine detail alone.
///
/// The enlarged picture brought down to the size of the source is compared with it; the difference, smoothed, is added.
/// A second round takes care of what the first left over: of middle frequencies, which pass the smoothing in part, and
/// of what the limits of black and white cut off.
struct ColorLock {
    /// Width of the Gaussian below which frequencies are the source's, in its samples.
    static let sigma = 3.0
    /// How often the difference is made good.
    static let rounds = 2

    /// The enlarged picture with the low frequencies of its source, 0...1.
    ///
    /// - Parameters:
    ///   - enlarged: `[N, C, H, W]`, float32; what leaves 0...1 is cut off.
    ///   - source: the picture before, `[N, C, h, w]`, 0...1, float32.
    static func locked(_ enlarged: RowStream, to source: RowStream) -> RowStream {
        (0..<rounds).reduce(clamped(enlarged)) { picture, _ in corrected(picture, source) }
    }

    private static func clamped(_ picture: RowStream) -> RowStream {
        let reader = picture.reader()
        return .stepping(height: picture.height, width: picture.width) { try reader.rows($0).clamped(to: 0...1) }
    }

    private static func corrected(_ picture: RowStream, _ source: RowStream) -> RowStream {
        let (height, width) = (picture.height, picture.width)
        // Each row of the source stands for several of the picture, which wait in memory for it.
        let rows = max(8, RowStream.stepRows(width: width) * source.height / height)
        let own = picture.reader()
        let original = source.reader()
        let reduced = picture.reduced(height: source.height, width: source.width, rows: rows).reader()
        let difference = RowStream.stepping(height: source.height, width: source.width, rows: rows) {
            try original.rows($0) - reduced.rows($0)
        }
        // So smooth a map looks the same enlarged in straight lines as in curves.
        let correction = difference.smoothed(sigma: sigma, rows: rows)
            .enlargedLinearly(height: height, width: width).reader()
        return .stepping(height: height, width: width) {
            try (own.rows($0) + correction.rows($0)).clamped(to: 0...1)
        }
    }
}
