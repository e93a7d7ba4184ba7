/// What to do with a film that is made of fields.
public enum FieldHandling: String, CaseIterable, Sendable, Codable {
    /// Look at flags and picture; deinterlace where the film is interlaced.
    case detect
    /// Keep the fields: refused where the film is interlaced, because colours would be drawn across two moments.
    case keep
    /// Take the frames as whole, whatever flags and picture say.
    case progressive
    /// Deinterlace, whatever flags and picture say.
    case deinterlace
}
