import Foundation
import HeirloomMedia

/// Which files a job writes, decided and checked before anything slow.
struct CleanTargets {
    /// What the result is.
    enum Kind: Equatable {
        /// A sound file.
        case sound
        /// A film with new sound.
        case film
        /// A folder of aligned files.
        case folder
    }

    /// What the result is.
    let kind: Kind
    /// The result, or the folder.
    let path: String
    /// What was taken away; nil where it is not kept.
    let removed: String?
    /// The report; nil where none is wanted.
    let report: ReportFiles?

    private static let filmEndings: Set = ["mp4", "m4v", "mov", "mkv", "webm", "avi"]
    private static let soundEndings: Set = [
        "wav", "wave", "w64", "rf64", "aif", "aiff", "caf", "flac", "ogg", "oga", "opus", "mp3",
    ]

    /// Decides the names.
    ///
    /// - Parameter inputs: the recordings; the first one gives its name where the output is a folder.
    init(output: String, inputs: [String], settings: CleanSettings) {
        report = settings.report.map(ReportFiles.init)
        if settings.alignsOnly {
            kind = .folder
            path = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
            removed = nil
            return
        }
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
        path = isFolder.boolValue || output.hasSuffix("/") ? Self.named(inputs[0], in: output) : output
        let ending = Self.ending(of: path)
        kind = Self.filmEndings.contains(ending) ? .film : .sound
        let stem = (path as NSString).deletingPathExtension
        removed = settings.keepsRemoved ? "\(stem)-removed.\(kind == .film ? "wav" : ending)" : nil
    }

    /// The folder of the result, where intermediate sound goes too.
    var folder: String { kind == .folder ? path : OutputCheck.folder(of: path) }

    /// The file of one aligned recording.
    func aligned(_ input: String, among inputs: [String]) -> String {
        let stem = (RecordingNames.name(input) as NSString).deletingPathExtension
        let same = inputs.filter { (RecordingNames.name($0) as NSString).deletingPathExtension == stem }
        let number = same.count > 1 ? "-\((same.firstIndex(of: input) ?? 0) + 1)" : ""
        return "\(path)/\(stem)\(number).wav"
    }

    /// Throws for names that cannot be written; rates are checked when they are known.
    func check(inputs: [String], overwrite: Bool) throws {
        switch kind {
        case .film: try FilmSound.check(output: url(path), inputs: inputs.map(url), overwrite: overwrite)
        case .sound:
            // A rate and a number of channels that every kind of file holds.
            try AudioWriter.check(
                url(path), sampleRate: 48_000, channelCount: 1, inputs: inputs.map(url), overwrite: overwrite)
        case .folder:
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
                guard isFolder.boolValue else {
                    throw MediaError(
                        .notWritable, "write the aligned recordings to", path: path, reason: "it is a file",
                        advice: "name a folder")
                }
                try OutputCheck.checkFolder(path, "write the aligned recordings to", for: path)
            } else {
                try OutputCheck.checkFolder(
                    OutputCheck.folder(of: path), "write the aligned recordings to", for: path)
            }
            for input in inputs {
                try OutputCheck.check(
                    aligned(input, among: inputs), "write the aligned recording", inputs: inputs, overwrite: overwrite,
                    folder: false)
            }
        }
        if let removed {
            try AudioWriter.check(
                url(removed), sampleRate: 48_000, channelCount: 1, inputs: inputs.map(url), overwrite: overwrite)
        }
        try report?.check(inputs: inputs, overwrite: overwrite)
    }

    private func url(_ path: String) -> URL { URL(fileURLWithPath: path) }

    private static func ending(of path: String) -> String { (path as NSString).pathExtension.lowercased() }

    private static func named(_ input: String, in folder: String) -> String {
        let name = RecordingNames.name(input)
        let kept = soundEndings.contains(ending(of: name)) || filmEndings.contains(ending(of: name))
        let file = kept ? name : (name as NSString).deletingPathExtension + ".wav"
        return folder.hasSuffix("/") ? folder + file : folder + "/" + file
    }
}
