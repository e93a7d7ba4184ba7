import CLibAV

/// The packets of a film without their content: when each appears, how large it is. Nothing is decoded.
public struct PacketTimeline: Sendable {
    /// A packet of the picture.
    public struct Packet: Sendable, Hashable {
        /// When its frame appears, in ticks of the film's time base; nil where the file does not say.
        public let pts: Int64?
        /// Its bytes.
        public let byteCount: Int
        /// Whether its frame can be decoded by itself.
        public let isKey: Bool
    }

    /// The packets of the picture, those with a time in the order of display, the others behind.
    public let packets: [Packet]
    /// The tick of their times.
    public let timeBase: Rational
    /// When the file starts, on the clock of its timestamps.
    public let start: MediaTime
    /// Bytes of the other streams that were met, by the stream's index.
    public let otherBytes: [Int: Int]
    /// Whether the file was read to its end.
    public let isWhole: Bool

    /// Bytes of the picture.
    public var byteCount: Int { packets.reduce(0) { $0 + $1.byteCount } }

    /// Reads a file's packets.
    ///
    /// - Parameter goesOn: asked now and then; reading ends where it says false, and `isWhole` is false then.
    /// - Throws: what opening a film throws.
    public init(path: String, while goesOn: () -> Bool = { true }) throws(MediaError) {
        let demuxer = try Demuxer(path: path, operation: "look into the film", maximumPixels: .max)
        let film = try demuxer.filmIndex()
        guard let base = demuxer.streams[film].pointee.time_base.rational else {
            throw MediaError(
                .corrupt, "look into the film", path: path, reason: "its picture has no clock (time base 0)",
                advice: "copy it again from where it came from")
        }
        var packets: [Packet] = []
        var others: [Int: Int] = [:]
        var failures = 0
        var count = 0
        var isWhole = false
        reading: while failures < 16 {
            count += 1
            if count % 256 == 0, !goesOn() { break }
            switch demuxer.read() {
            case .end:
                isWhole = true
                break reading
            case .failure: failures += 1
            case .packet(let packet):
                failures = 0
                let index = Int(packet.pointee.stream_index)
                guard index == film else {
                    others[index, default: 0] += Int(packet.pointee.size)
                    continue
                }
                let pts = packet.pointee.pts
                packets.append(
                    Packet(
                        pts: pts == heirloom_nopts() ? nil : pts, byteCount: Int(packet.pointee.size),
                        isKey: packet.pointee.flags & AV_PKT_FLAG_KEY != 0))
            }
        }
        self.packets = packets.sorted { ($0.pts ?? .max) < ($1.pts ?? .max) }
        timeBase = base
        start = demuxer.start
        otherBytes = others
        self.isWhole = isWhole
    }

    /// Reads the packets of a segment that a `SegmentWriter` wrote.
    ///
    /// - Parameter timeBase: the tick of its times.
    /// - Throws: `notFound`, `unreadable`; `corrupt` for what is no segment.
    public init(segment path: String, timeBase: Rational) throws(MediaError) {
        let reader = try SegmentReader(path: path)
        var packets: [Packet] = []
        while let packet = try reader.next() {
            packets.append(
                Packet(
                    pts: packet.pointee.pts, byteCount: Int(packet.pointee.size),
                    isKey: packet.pointee.flags & AV_PKT_FLAG_KEY != 0))
        }
        self.packets = packets.sorted { ($0.pts ?? .max) < ($1.pts ?? .max) }
        self.timeBase = timeBase
        start = .zero
        otherBytes = [:]
        isWhole = true
    }
}
