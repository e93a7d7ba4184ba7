// Choices are stored as they are written on the command line, so that a journal can be read by people.

extension ModelChoice: Codable {
    /// Reads the name or path; "standard" for the standard weights.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        self = text == Self.standard.description ? .standard : .named(text)
    }

    /// Writes the name or path.
    public func encode(to encoder: any Encoder) throws { try encoder.write(text: description) }
}

extension CleanModel: Codable {
    /// Reads the name or path; "standard" for the standard network, "none" for none.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        self = text == Self.standard.description ? .standard : CleanModel(text)
    }

    /// Writes the name or path.
    public func encode(to encoder: any Encoder) throws { try encoder.write(text: description) }
}

extension DeviceChoice: Codable {
    /// Reads the name.
    ///
    /// - Throws: `DecodingError` for a name that no device has.
    public init(from decoder: any Decoder) throws { self = try decoder.choice { DeviceChoice($0) } }

    /// Writes the name.
    public func encode(to encoder: any Encoder) throws { try encoder.write(text: description) }
}

extension TargetSize: Codable {
    /// Reads `2`, `800x600` or `1080p`.
    ///
    /// - Throws: `DecodingError` for anything else.
    public init(from decoder: any Decoder) throws { self = try decoder.choice { TargetSize($0) } }

    /// Writes the size as the command line takes it.
    public func encode(to encoder: any Encoder) throws { try encoder.write(text: description) }
}

extension Encoder {
    fileprivate func write(text: String) throws {
        var container = singleValueContainer()
        try container.encode(text)
    }
}

extension Decoder {
    fileprivate func choice<Choice>(_ read: (String) -> Choice?) throws -> Choice {
        let container = try singleValueContainer()
        let text = try container.decode(String.self)
        guard let choice = read(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no \(Choice.self)")
        }
        return choice
    }
}
