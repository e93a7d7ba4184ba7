import HeirloomSignals
import HeirloomTensors

/// What happens to a picture beside the network: resampling to the size that was asked for, the blend with plain
/// resampling, and the low frequencies of the source.
struct Enlargement {
    let width: Int
    let height: Int
    /// How much of the network there is, 0...1.
    let strength: Double
    let locksColor: Bool
    /// Where the network's size is not the one asked for: whether to resize its result, in whole numbers up to this, as
    /// the original programs do; nil for the better resampling.
    var originalMaximum: Int?

    /// Whether the network has a part in the result.
    ///
    /// A picture that is large enough already gains nothing from being enlarged and shrunk again.
    func usesNetwork(width sourceWidth: Int, height sourceHeight: Int) -> Bool {
        strength > 0 && (height > sourceHeight || width > sourceWidth)
    }

    /// The result, 0...1.
    ///
    /// - Parameters:
    ///   - source: `[N, C, h, w]`, 0...1.
    ///   - network: the same picture as the network enlarged it, on the same device; nil where it has no part.
    func result(of source: RowStream, network: RowStream?) -> RowStream {
        guard let network else {
            let reader = source.resampled(height: height, width: width, kernel: .lanczos3).reader()
            return .stepping(height: height, width: width) { try reader.rows($0).clamped(to: 0...1) }
        }
        let sized = sized(network)
        guard strength < 1 || locksColor else {
            let reader = sized.reader()
            return .stepping(height: height, width: width) { try reader.rows($0).clamped(to: 0...1) }
        }
        let blended = strength < 1 ? blend(sized, source) : sized
        return locksColor ? ColorLock.locked(blended, to: source) : blended
    }

    private func blend(_ network: RowStream, _ source: RowStream) -> RowStream {
        let faithful = source.resampled(height: height, width: width, kernel: .lanczos3).reader()
        let detailed = network.reader()
        return .stepping(height: height, width: width) { [strength] rows in
            try faithful.rows(rows).interpolated(to: detailed.rows(rows), weight: strength).clamped(to: 0...1)
        }
    }

    /// The network's result at the size that was asked for.
    private func sized(_ network: RowStream) -> RowStream {
        guard network.height != height || network.width != width else { return network }
        guard let originalMaximum else { return network.resampled(height: height, width: width, kernel: .lanczos3) }
        let maximum = Double(originalMaximum)
        let reader = network.reader()
        let whole = RowStream.stepping(height: network.height, width: network.width) {
            (try reader.rows($0).clamped(to: 0...1) * maximum).rounded()
        }
        let resized = whole.resampled(height: height, width: width, kernel: .lanczos4, antialias: false).reader()
        return .stepping(height: height, width: width) {
            try resized.rows($0).rounded().clamped(to: 0...maximum) / maximum
        }
    }
}
