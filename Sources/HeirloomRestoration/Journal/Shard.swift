/// One of several equal shares of a film, done by one machine of several.
///
/// Every share has the same segments in it wherever it is computed, so that the shares, put together by ``JoinJob``, are
/// byte for byte what one machine would have made.
public struct Shard: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Which share it is, 1...count.
    public let index: Int
    /// How many shares there are, 1...9999.
    public let count: Int

    /// The numbers of shares that make sense.
    public static let counts = 1...9999

    /// A share.
    ///
    /// - Precondition: 1 ≤ index ≤ count ≤ 9999.
    public init(_ index: Int, of count: Int) {
        precondition(
            Self.counts.contains(count) && (1...count).contains(index), "there is no share \(index) of \(count)")
        self.index = index
        self.count = count
    }

    /// Reads `2/4`; nil for anything that is no share.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), Self.counts.contains(count),
            (1...count).contains(index)
        else { return nil }
        self.init(index, of: count)
    }

    /// `2/4`.
    public var description: String { "\(index)/\(count)" }

    /// The share's segments, of a film with so many frames as far as its container tells; the last share takes what there
    /// is.
    ///
    /// - Returns: the first segment, and the one after the last; nil where it is open.
    func segments(ofFilmWith frames: Int, each length: Int) -> (first: Int, end: Int?) {
        let total = max(1, (frames + length - 1) / length)
        return (total * (index - 1) / count, index == count ? nil : total * index / count)
    }
}
