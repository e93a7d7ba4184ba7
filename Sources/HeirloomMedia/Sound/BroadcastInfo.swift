/// What the broadcast extension (`bext`, EBU Tech 3285) of a WAV file says: who recorded it, when, and from where on.
public struct BroadcastInfo: Sendable, Hashable, Codable {
    /// What it is, at most 256 bytes.
    public var description: String
    /// Who made it, at most 32 bytes.
    public var originator: String
    /// The maker's number for it, at most 32 bytes.
    public var originatorReference: String
    /// The day, `yyyy-mm-dd`.
    public var originationDate: String
    /// The time of day, `hh:mm:ss`.
    public var originationTime: String
    /// The first sample's position, in samples since midnight.
    public var timeReference: Int

    /// Makes an extension; what is not given stays empty.
    public init(
        description: String = "", originator: String = "", originatorReference: String = "",
        originationDate: String = "", originationTime: String = "", timeReference: Int = 0
    ) {
        self.description = description
        self.originator = originator
        self.originatorReference = originatorReference
        self.originationDate = originationDate
        self.originationTime = originationTime
        self.timeReference = timeReference
    }
}
