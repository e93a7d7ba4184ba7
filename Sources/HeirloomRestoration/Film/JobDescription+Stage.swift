import HeirloomMedia
import HeirloomModels
import HeirloomTensors

extension JobDescription {
    /// The treatment, made on the thread that will use it.
    ///
    /// - Precondition: it is no job with a stage of the caller's own.
    func stage(for format: VideoFormat) throws -> sending any FrameStage {
        switch (color, upscale) {
        case (let color?, nil): return try Self.colorizer(color, format)
        case (nil, let upscale?): return try Upscaler(format: format, settings: upscale)
        case (let color?, let upscale?):
            let colorizer = try Self.colorizer(color, format)
            return try ChainedStage(
                colorizer, Upscaler(format: colorizer.outputFormat(for: format), settings: upscale))
        case (nil, nil): preconditionFailure("a film job without a treatment has a stage of the caller's own")
        }
    }

    private static func colorizer(_ color: ColorSettings, _ format: VideoFormat) throws -> Colorizer {
        let predictor = try NetworkPredictor.forFilm(color) { Colorizer.renderSize(of: format, color, for: $0) }
        return try Colorizer(predictor, format: format, settings: color)
    }

    /// Seconds of film in a segment: what an interruption may cost, and how often the encoder begins anew.
    var segmentSeconds: Double { upscale == nil ? 10 : 3 }

    /// The weights that the treatment computes with, with the digests of their files.
    ///
    /// - Throws: `CheckpointError` where a model is unknown or its file cannot be read.
    func weights(for format: VideoFormat) throws -> [String: String] {
        var paths: [String: String] = [:]
        if let color {
            let name = color.model == .standard ? nil : color.model.description
            let path = try Pretrained.standard().modelPath(name, task: "colorize")
            paths[name ?? JobFiles.split(path).name] = path
        }
        if let upscale {
            let known = try Pretrained.standard()
            let name = try upscale.filmModelName(for: format)
            paths[name] = try known.modelPath(name, task: "upscale")
            if let companion = known.models.first(where: { $0.name == name })?.denoiseWith {
                paths[companion] = try known.modelPath(companion, task: "upscale")
            }
        }
        return try paths.mapValues { try JobFiles.digest($0) }
    }

    /// The libraries that samples and bytes hang on.
    static func libraries() -> [String: String] {
        var versions = ["libtorch": Runtime.version]
        for library in MediaLibraries.versions where !library.hasPrefix("libvips") {
            guard let space = library.lastIndex(of: " ") else { continue }
            versions[String(library[..<space])] = String(library[library.index(after: space)...])
        }
        return versions
    }
}
