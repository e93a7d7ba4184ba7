import HeirloomTensors

/// Gives an enlarged picture the low frequencies of its source: the colours and the brightness of every area are what
/// they were, and the network decides the fine detail alone.
///
/// The enlarged picture brought down to the size of the source is compared with it; the difference, smoothed, is added.
/// Middle frequencies pass the smoothing in part: what it left over is smoothed and added once more. That second round
/// works on the source's size alone, since a map so smooth, enlarged and reduced again, is what it was. Comparing the
/// corrected picture itself with the source a second time was as faithful and took as long as the first round.
struct ColorLock {
    /// Width of the Gaussian below which frequencies are the source's, in its samples.
    static let sigma = 3.0

    /// The enlarged picture with the low frequencies of its source, 0...1.
    ///
    /// - Parameters:
    ///   - enlarged: `[N, C, H, W]`, float32; what leaves 0...1 is cut off.
    ///   - source: the picture before, `[N, C, h, w]`, 0...1, float32.
    static func locked(_ enlarged: RowStream, to source: RowStream) -> RowStream {
        let (height, width) = (enlarged.height, enlarged.width)
        let network = enlarged.reader()
        let picture = RowStream.stepping(height: height, width: width) { try network.rows($0).clamped(to: 0...1) }
        // Each row of the source stands for several of the picture, which wait in memory for it.
        let rows = max(8, RowStream.stepRows(width: width) * source.height / height)
        let own = picture.reader()
        let reduced = picture.reduced(height: source.height, width: source.width, rows: rows)
        let correction = correction(for: difference(source, reduced, rows: rows), rows: rows)
            // So smooth a map looks the same enlarged in straight lines as in curves.
            .enlargedLinearly(height: height, width: width).reader()
        return .stepping(height: height, width: width) {
            try (own.rows($0) + correction.rows($0)).clamped(to: 0...1)
        }
    }

    /// What must be added at the source's size: the smooth part of the difference, and of what that leaves of it.
    private static func correction(for missing: RowStream, rows: Int) -> RowStream {
        let smooth = missing.smoothed(sigma: sigma, rows: rows)
        let first = smooth.reader()
        let rest = difference(missing, smooth, rows: rows).smoothed(sigma: sigma, rows: rows).reader()
        return .stepping(height: missing.height, width: missing.width, rows: rows) {
            try first.rows($0) + rest.rows($0)
        }
    }

    private static func difference(_ picture: RowStream, _ other: RowStream, rows: Int) -> RowStream {
        let minuend = picture.reader()
        let subtrahend = other.reader()
        return .stepping(height: picture.height, width: picture.width, rows: rows) {
            try minuend.rows($0) - subtrahend.rows($0)
        }
    }
}
