public import HeirloomMedia

/// What a film job does with the sound besides: made once into the job folder (of shares, into that of the first), kept
/// there with its digest, and put into the film when it is joined.
public struct SoundStep: Sendable {
    /// The file's name in the job folder: `sound.wav`, `sound.flac`.
    let fileName: String
    /// Throws where the sound cannot be made at all: called before the work on the picture.
    let check: @Sendable () throws -> Void
    /// Makes the file at a path whose folder is there; gives sentences for the report.
    let make: @Sendable (String, JobMonitor) async throws -> [String]
    /// How the file goes into the film.
    let place: @Sendable (String) -> NewSound

    /// A step from its parts.
    ///
    /// - Parameters:
    ///   - ending: of the file that is made: `wav`, `flac`.
    ///   - check: throws where the sound cannot be made at all, such as for a film without sound; called before the
    ///     picture is treated, which may take days.
    ///   - make: makes the file at a path whose folder is there, whole or not at all; gives sentences for the report.
    ///   - place: how the file goes into the film; shares are joined with it before the old sound, as cleaning does.
    public init(
        ending: String, check: @escaping @Sendable () throws -> Void = {},
        make: @escaping @Sendable (String, JobMonitor) async throws -> [String],
        place: @escaping @Sendable (String) -> NewSound
    ) {
        fileName = "sound." + ending
        self.check = check
        self.make = make
        self.place = place
    }
}

/// The sound is made: `sound.json`.
struct SoundRecord: Sendable, Codable {
    var file: String
    var sha256: String
    var notes: [String]
}
