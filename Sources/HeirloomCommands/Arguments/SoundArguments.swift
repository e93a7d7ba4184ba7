public import ArgumentParser
import Foundation
import HeirloomMedia
public import HeirloomRestoration

extension SoundDepth: ExpressibleByArgument {}

/// What is done to sound, and how the result is written.
struct SoundArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What to do, of align,dereverb,beamform,enhance; all of it when nothing is said.", valueName: "names"))
    var stages = "all"

    @Option(
        help: ArgumentHelp(
            "A model's name (heirloom models), a weights file, or none; the best that is here when nothing is said.",
            valueName: "model"),
        completion: .file())
    var model: String?

    @Option(help: ArgumentHelp("How much of the network's cleaning: 0 none, 1 all of it.", valueName: "share"))
    var strength = 1.0

    @Option(
        help: ArgumentHelp(
            "Turn nothing down by more than that: 12dB, or off; 12dB for one microphone when nothing is said.",
            valueName: "dB"))
    var limit: String?

    @Flag(help: "Clean music and singing too, which are left as they are otherwise.")
    var force = false

    @Option(
        help: ArgumentHelp(
            "The recording whose sound and timeline the result has; the best when nothing is said.", valueName: "file"))
    var reference: String?

    @Option(help: ArgumentHelp("Use this recording whatever is wrong with it; repeatable.", valueName: "file"))
    var use: [String] = []

    @Option(help: ArgumentHelp("Leave this recording out; repeatable.", valueName: "file"))
    var ignore: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where a recording begins on the reference's timeline, in seconds; repeatable.", valueName: "file=seconds"))
    var offset: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Loudness in LUFS (EBU R128): -16 for the web, -23 for broadcast, off.", valueName: "LUFS"))
    var loudness = "-16"

    @Flag(help: "Leave the loudness as it comes; the same as --loudness off.")
    var noLoudness = false

    @Option(help: ArgumentHelp("Samples per second; the reference's when nothing is said.", valueName: "Hz"))
    var rate: Int?

    @Option(help: ArgumentHelp("Bits of a sample: 16, 24 or 32f; 24 when nothing is said.", valueName: "bits"))
    var bits: SoundDepth?

    @Option(help: ArgumentHelp("Start of the piece to do, as 83.5, 1:23.5 or 0:01:23.5.", valueName: "time"))
    var from: TimeArgument?

    @Option(help: ArgumentHelp("End of the piece to do, written like --from.", valueName: "time"))
    var to: TimeArgument?

    @Option(help: ArgumentHelp("Write beside the result what was taken away: removed.", valueName: "what"))
    var keep: KeptSound?

    @Flag(help: "Write one aligned file for each microphone into the output folder, and clean nothing.")
    var alignOnly = false

    @Option(
        help: ArgumentHelp(
            "Write what was found and done: FILE.txt, FILE.json and FILE.png, or the one that FILE ends in.",
            valueName: "file"))
    var report: String?

    @Option(help: ArgumentHelp("Where to compute: auto, cpu, cuda, cuda:1, mps.", valueName: "device"))
    var device = "auto"

    @Option(help: ArgumentHelp("CPU threads of the network; all when nothing is said.", valueName: "count"))
    var threads: Int?

    /// What the options mean.
    func settings(overwrite: Bool) throws -> CleanSettings {
        var settings = CleanSettings()
        guard let stages = CleanStages(stages) else {
            throw ValidationError("--stages \(stages): write any of align,dereverb,beamform,enhance, or all.")
        }
        settings.stages = stages
        settings.model = CleanModel(model)
        guard (0...1).contains(strength) else { throw ValidationError("--strength \(strength) is outside 0...1.") }
        settings.strength = strength
        settings.limit = try limit.map(Self.decibels)
        settings.treatsMusic = force
        settings.reference = reference
        settings.used = use
        settings.ignored = ignore
        for text in offset {
            let (file, seconds) = try Self.offset(text)
            settings.offsets[file] = seconds
        }
        settings.loudness = noLoudness ? nil : try Self.loudness(loudness)
        if let rate, !CleanSettings.rates.contains(rate) {
            throw ValidationError("--rate \(rate) is outside 8000...192000.")
        }
        settings.rate = rate
        settings.depth = bits
        settings.from = from?.time.seconds
        settings.to = to?.time.seconds
        if let from = settings.from, let to = settings.to, from >= to {
            throw ValidationError("--to must be later than --from.")
        }
        settings.keepsRemoved = keep == .removed
        settings.alignsOnly = alignOnly
        settings.report = report
        guard let device = DeviceChoice(device) else {
            throw ValidationError("--device \(device): there is no such device; use auto, cpu, cuda, cuda:1 or mps.")
        }
        settings.device = device
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
        settings.threads = threads
        settings.overwrite = overwrite
        return settings
    }

    private static func decibels(_ text: String) throws -> Double {
        if text == "off" { return .infinity }
        let number = text.lowercased().hasSuffix("db") ? String(text.dropLast(2)) : text
        guard let value = Double(number), value > 0 else {
            throw ValidationError("--limit \(text) is no limit; write more than 0, such as 12dB, or off.")
        }
        return value
    }

    private static func loudness(_ text: String) throws -> Double? {
        if text == "off" { return nil }
        guard let value = Double(text), CleanSettings.loudnesses.contains(value) else {
            throw ValidationError("--loudness \(text) is outside -40...-5; write LUFS such as -16, or off.")
        }
        return value
    }

    private static func offset(_ text: String) throws -> (file: String, seconds: Double) {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex,
            let seconds = Double(text[text.index(after: equals)...]), seconds.isFinite, abs(seconds) < 1e6
        else { throw ValidationError("--offset \(text): write a recording, = and seconds, such as phone.m4a=12.5.") }
        return (String(text[..<equals]), seconds)
    }
}

/// What can be kept besides the result.
enum KeptSound: String, CaseIterable, ExpressibleByArgument {
    /// What was taken away.
    case removed
}
