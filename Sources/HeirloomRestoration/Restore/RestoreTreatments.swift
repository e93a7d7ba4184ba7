/// What is done with a film in one pass.
public struct RestoreTreatments: OptionSet, Sendable, Hashable, Codable {
    /// The bits.
    public let rawValue: Int

    /// Treatments from their bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// It gets colours.
    public static let color = RestoreTreatments(rawValue: 1)
    /// It gets larger.
    public static let upscale = RestoreTreatments(rawValue: 2)
    /// Its sound gets clean.
    public static let clean = RestoreTreatments(rawValue: 4)
}
