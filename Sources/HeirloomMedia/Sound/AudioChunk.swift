/// A piece of sound: one array per channel, full scale ±1 (floating-point files may exceed it).
public struct AudioChunk: Sendable, Hashable {
    /// The position of the first sample, counted from the first sample of the file.
    public let start: Int
    /// The samples, one array per channel, all of one length; every value is finite.
    public let channels: [[Float]]

    /// Makes a piece.
    ///
    /// - Precondition: there is at least one channel and all have one length.
    public init(start: Int, channels: [[Float]]) {
        precondition(
            !channels.isEmpty && channels.allSatisfy { $0.count == channels[0].count },
            "the channels of a piece of sound must have one length, not \(channels.map(\.count))")
        self.start = start
        self.channels = channels
    }

    /// The number of samples in each channel.
    public var count: Int { channels[0].count }
}
