import HeirloomSignals

/// One channel of a recording that has a place on the timeline.
struct Microphone {
    /// Which of the recordings it belongs to.
    let recording: Int
    /// Which of that recording's channels that are read it is.
    let channel: Int
    /// How far its spectrum is from that of speech: lower is better.
    var score: Double
    /// The highest frequency that it holds, in Hz; nil for all.
    let bandLimit: Double?
}
