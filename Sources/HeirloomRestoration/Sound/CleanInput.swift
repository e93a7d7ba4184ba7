import HeirloomSignals

/// One input of a job, and what became of it so far.
struct CleanInput {
    /// The file, as the user named it.
    let path: String
    /// What was heard; nil where it could not be read.
    var recording: Recording?
    /// What is done with it.
    var use = CleanReport.Use.leftOut
    /// Why, and what is wrong with it.
    var reasons: [String] = []
    /// Its place among the others; nil where none was looked for.
    var place: Synchronization.File?
    /// How far its spectrum is from that of speech.
    var score: Double?
    /// Its level beside the reference's in dB.
    var gain: Double?
    /// How far its own automatic gain moved in dB.
    var gainRange: Double?
    /// Whether it is used whatever is wrong with it.
    var isForced = false

    /// The name without its folders.
    var name: String { RecordingNames.name(path) }
    /// Whether it has a place on the timeline and may be heard in the result.
    var isPlaced: Bool { place?.isPlaced == true }
}
