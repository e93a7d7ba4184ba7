/// What became of a film that was restored.
public struct RestoreReport: Sendable, Codable {
    /// What was chosen, and why; nil where the caller said what to do.
    public var choice: RestoreChoice?
    /// What was done.
    public var treatments: RestoreTreatments
    /// The film's; nil where the picture was copied.
    public var film: FilmReport?
    /// The sound's, where only the sound was treated.
    public var sound: CleanReport?
    /// Sentences about what the container could not hold, where only the sound was treated.
    public var notes: [String]

    /// A few lines for a person.
    public var summary: String {
        if let film { return film.summary }
        guard let sound, let output = sound.outputs.first else { return "Nothing was done." }
        return (["\(output): the picture was copied, the sound cleaned"] + (sound.notes + notes).map { "  " + $0 })
            .joined(separator: "\n")
    }
}
