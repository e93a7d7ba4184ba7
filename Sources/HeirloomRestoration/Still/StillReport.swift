/// What became of a picture.
public struct StillReport: Sendable, Codable {
    /// The picture that was read, as the user named it.
    public var input: String
    /// The picture that was written.
    public var output: String
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int
    /// Bits per sample: 8 or 16.
    public var bitDepth: Int
    /// Sentences worth showing: what reading, colouring or writing changed or left out.
    public var notes: [String]
    /// Seconds from reading to the closed file.
    public var seconds: Double
    /// Columns of what the network saw; 0 where none was needed.
    public var renderWidth: Int
    /// Rows of what the network saw.
    public var renderHeight: Int

    /// A few lines for a person.
    public var summary: String {
        let seen = renderWidth > 0 ? ", seen by the network at \(renderWidth)×\(renderHeight)" : ""
        return (["\(output): \(width)×\(height), \(bitDepth) bit\(seen)"] + notes.map { "  " + $0 })
            .joined(separator: "\n")
    }
}
