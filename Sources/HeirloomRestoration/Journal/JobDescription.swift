/// What a film job does, complete: enough to make it again after a restart of the machine.
public struct JobDescription: Sendable, Codable {
    /// What is done with the film.
    public enum Kind: String, Sendable, Codable {
        /// It is coloured.
        case colorize
        /// It is enlarged.
        case upscale
        /// Several things are done in one pass.
        case restore
        /// A stage of the caller's own; only the caller can go on with it.
        case custom
    }

    /// What is done.
    public var kind: Kind
    /// The film to read.
    public var input: String
    /// The film to write.
    public var output: String
    /// How it is coloured; nil where it is not.
    public var color: ColorSettings?
    /// How it is enlarged; nil where it is not.
    public var upscale: UpscaleSettings?
    /// How its sound is cleaned; nil where it is not.
    public var clean: CleanSettings?
    /// How it is read and written.
    public var film: FilmSettings
    /// What a stage of one's own hangs on, by name: a change of any of these is refused as for other settings.
    public var custom: [String: String]

    /// A description from its parts.
    public init(
        kind: Kind, input: String, output: String, color: ColorSettings? = nil, upscale: UpscaleSettings? = nil,
        clean: CleanSettings? = nil, film: FilmSettings = FilmSettings(), custom: [String: String] = [:]
    ) {
        self.kind = kind
        self.input = input
        self.output = output
        self.color = color
        self.upscale = upscale
        self.clean = clean
        self.film = film
        self.custom = custom
    }
}
