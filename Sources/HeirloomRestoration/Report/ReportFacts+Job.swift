import Foundation
import HeirloomMedia
import HeirloomModels

extension ReportFacts {
    /// The facts of a job.
    ///
    /// - Parameters:
    ///   - report: what the job reported.
    ///   - version: the program's.
    public init(_ report: FilmReport, version: String = "") {
        self.init()
        self.version = version
        deed = Self.deed(report.job)
        settings = Self.settings(report.job)
        weights = report.weights.sorted { $0.key < $1.key }.map { Self.weights($0.key, sha256: $0.value) }
        if !report.libraries.isEmpty {
            // Those that the result hangs on were noted when the work began, perhaps on another machine.
            libraries =
                report.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                + libraries.filter { $0.hasPrefix("libvips") }
        }
    }

    private static func deed(_ job: JobDescription) -> String {
        var deeds: [String] = []
        if job.color != nil { deeds.append("coloured") }
        if job.upscale != nil { deeds.append("enlarged") }
        if job.clean != nil { deeds.append("its sound cleaned") }
        guard let last = deeds.popLast() else { return "treated" }
        return deeds.isEmpty ? last : "\(deeds.joined(separator: ", ")) and \(last)"
    }

    /// What the list of models, or the file itself, says about weights.
    private static func weights(_ name: String, sha256: String) -> Weights {
        let known = try? Pretrained.standard().models.first { $0.files.contains { $0.sha256 == sha256 } }
        if let known {
            return Weights(
                name: known.name, task: known.task, sha256: sha256, licence: known.licence, trainedOn: known.trainedOn)
        }
        let header = (try? ModelFile(path: name))?.header
        return Weights(
            name: (name as NSString).lastPathComponent, task: header?.task ?? "", sha256: sha256,
            licence: header?.licence ?? "not stated")
    }

    private static func settings(_ job: JobDescription) -> [Setting] {
        var settings: [Setting] = []
        if let color = job.color { settings += self.settings(color) }
        if let upscale = job.upscale { settings += self.settings(upscale) }
        if let clean = job.clean {
            settings.append(Setting("cleaning of the sound", clean.strength == 1 ? "full" : "\(clean.strength)"))
            if let loudness = clean.loudness { settings.append(Setting("loudness", "\(loudness) LUFS")) }
        }
        settings += job.custom.sorted { $0.key < $1.key }.map { Setting($0.key, $0.value) }
        return settings + self.settings(job.film)
    }

    private static func settings(_ color: ColorSettings) -> [Setting] {
        var settings = [
            Setting("strength of the colours", "\(color.strength)"),
            Setting("colours steadied from frame to frame", color.stabilize ? "yes" : "no"),
        ]
        if let size = color.renderSize { settings.append(Setting("render size", "\(size)")) }
        if let factor = color.renderFactor { settings.append(Setting("render factor", "\(factor)")) }
        return settings
    }

    private static func settings(_ upscale: UpscaleSettings) -> [Setting] {
        var settings = [
            Setting("enlarged to", upscale.target.map { Self.target($0) } ?? "the standard of the model"),
            Setting("strength of the details", "\(upscale.strength)"),
            Setting("colours kept as they were", upscale.locksColor ? "yes" : "no"),
        ]
        if let denoise = upscale.denoise { settings.append(Setting("noise taken away", "\(denoise)")) }
        return settings
    }

    private static func target(_ size: TargetSize) -> String {
        if case .factor = size { return "\(size) times" }
        return "\(size)"
    }

    private static func settings(_ film: FilmSettings) -> [Setting] {
        let encoding = film.encoding
        let details = [encoding.quality.map { "quality \($0)" }, encoding.preset].compactMap(\.self)
        var settings = [Setting("written as", ([encoding.codec.title] + details).joined(separator: ", "))]
        if film.fields != .detect { settings.append(Setting("fields", film.fields.rawValue)) }
        if let speed = film.speed {
            settings.append(Setting("shown at", "\(ReportNumbers.fixed(speed.doubleValue, 3)) frames a second"))
        }
        if let from = film.from { settings.append(Setting("piece from", from.description)) }
        if let limit = film.limit { settings.append(Setting("length of the piece", limit.description)) }
        if film.keepGoing { settings.append(Setting("frames that cannot be treated", "passed on and listed")) }
        return settings
    }
}
