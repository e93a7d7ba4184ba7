import HeirloomMedia

/// What a plan is made for: what is done with the picture and with the sound.
public struct PlanTreatment: Sendable {
    /// How the film is coloured; nil where it is not.
    public var color: ColorSettings?
    /// How the film is enlarged; nil where it is not.
    public var upscale: UpscaleSettings?
    /// How the sound is cleaned; nil where it is copied.
    public var clean: CleanSettings?
    /// How the film is read and written.
    public var film: FilmSettings

    /// A treatment.
    public init(
        color: ColorSettings? = nil, upscale: UpscaleSettings? = nil, clean: CleanSettings? = nil,
        film: FilmSettings = FilmSettings()
    ) {
        self.color = color
        self.upscale = upscale
        self.clean = clean
        self.film = film
    }

    /// What restoring would choose for a film, and why, where nobody says what shall be done.
    ///
    /// - Parameters:
    ///   - film: the film.
    ///   - settings: how each treatment is done if it is chosen; what is nil is never chosen.
    ///   - monitor: stops the look.
    /// - Throws: what reading the film throws.
    public static func chosen(
        for film: String, from settings: PlanTreatment, monitor: JobMonitor = JobMonitor()
    ) async throws -> (treatment: PlanTreatment, reasons: [String]) {
        let choice = try await RestoreChoice.make(for: film, film: settings.film, monitor: monitor)
        var treatment = settings
        if !choice.treatments.contains(.color) { treatment.color = nil }
        if !choice.treatments.contains(.upscale) { treatment.upscale = nil }
        if !choice.treatments.contains(.clean) { treatment.clean = nil }
        return (treatment, choice.reasons)
    }

    /// Throws where a setting makes no sense.
    ///
    /// - Throws: `badRequest`; `deviceUnavailable`.
    public func validate() throws {
        try color?.validate()
        try upscale?.validate()
        try clean?.validate()
        try color?.device.check()
        try upscale?.device.check()
    }

    /// What is done with the picture: "coloured and enlarged".
    var pictureWords: String {
        let done = [color.map { _ in "coloured" }, upscale.map { _ in "enlarged" }].compactMap(\.self)
        return done.isEmpty ? "left as it is" : done.joined(separator: " and ")
    }

    /// Everything that is done: "coloured, with clean sound".
    public var words: String { pictureWords + (clean == nil ? "" : ", with clean sound") }

    /// Whether the picture is made anew.
    var changesPicture: Bool { color != nil || upscale != nil }

    /// The job that would be done.
    func description(_ input: String) -> JobDescription {
        JobDescription(
            kind: .restore, input: input, output: "", color: color, upscale: upscale, clean: clean, film: film)
    }
}
