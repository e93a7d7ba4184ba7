import Foundation

/// Where a package index keeps a wheel (the simple repository API in JSON, PEP 691).
enum WheelAddress {
    /// The address of a wheel, or nil where the index cannot be asked, speaks no JSON or does not list it.
    static func find(_ wheel: String, of package: String) -> String? {
        let page = "\(index)/\(package)/"
        let command = [
            "curl", "--fail", "--location", "--silent", "--show-error", "--connect-timeout", "30", "--max-time", "120",
            "--header", "Accept: application/vnd.pypi.simple.v1+json", page,
        ]
        guard let text = try? Pretrained.run(command, purpose: "asking \(page)", advice: "") else { return nil }
        return address(of: wheel, in: Data(text.utf8), page: page)
    }

    /// The address of a wheel in an index's page, made absolute.
    static func address(of wheel: String, in page: Data, page address: String) -> String? {
        struct Page: Decodable {
            struct File: Decodable {
                var filename: String
                var url: String
            }
            var files: [File]
        }
        guard let found = try? JSONDecoder().decode(Page.self, from: page).files.first(where: { $0.filename == wheel })
        else { return nil }
        return URL(string: found.url, relativeTo: URL(string: address))?.absoluteString
    }

    /// The index that pip would ask, without a slash at its end.
    private static var index: String {
        let set = ProcessInfo.processInfo.environment["PIP_INDEX_URL"]
        let configured =
            set
            ?? (try? Pretrained.run(
                ["python3", "-m", "pip", "config", "get", "global.index-url"], purpose: "asking pip", advice: ""))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let index = configured.flatMap { $0.isEmpty ? nil : $0 } ?? "https://pypi.org/simple"
        return index.hasSuffix("/") ? String(index.dropLast()) : index
    }
}
