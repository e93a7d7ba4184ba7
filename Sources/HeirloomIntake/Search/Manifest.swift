import Foundation
import HeirloomMedia

/// What the lists beside pictures say: group, origin and licence of each.
///
/// Every file of a folder whose name begins with `manifest` and ends in `.csv` is read. The first line names the columns:
/// `file`, and any of `group`, `licence` (or `license`), `source` and `label` (the number of a class); others are passed
/// over. `file` is a path below the
/// list's folder.
final class Manifest {
    struct Row: Equatable {
        let group: String?
        let licence: String?
        let source: String?
        let label: Int?
    }

    private let folder: String
    private var rows: [String: Row] = [:]
    private var matched: Set<String> = []

    /// Rows whose picture was not met.
    var unmatched: Int { rows.count - matched.count }

    static func isName(_ name: String) -> Bool {
        let lower = name.lowercased()
        return lower.hasPrefix("manifest") && lower.hasSuffix(".csv")
    }

    /// Reads lists.
    ///
    /// - Throws: ``MediaError`` where one cannot be read, is no table, or has no column `file`.
    init(folder: String, lists: [String]) throws {
        self.folder = folder
        for name in lists { try read(folder.hasSuffix("/") ? folder + name : folder + "/" + name) }
    }

    /// The row of a picture, by its path as ``PictureSearch`` makes it.
    func row(for path: String) -> Row? {
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        let file = path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
        guard let row = rows[file] else { return nil }
        matched.insert(file)
        return row
    }

    private func read(_ path: String) throws {
        func failure(_ code: MediaError.Code, _ reason: String) -> MediaError {
            MediaError(
                code, "read the list of pictures", path: path, reason: reason,
                advice: "its first line must name the columns, such as file,group,licence,source; or remove the list")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw failure(.unreadable, "it cannot be opened")
        }
        guard let table = CSV.rows(of: [UInt8](data)) else {
            throw failure(.corrupt, "a quotation mark is not closed, or it is not UTF-8 text")
        }
        let header = table.first?.map { $0.trimmingCharacters(in: .whitespaces).lowercased() } ?? []
        guard let file = header.firstIndex(of: "file") else { throw failure(.corrupt, "there is no column 'file'") }
        let columns = (
            group: header.firstIndex(of: "group"), source: header.firstIndex(of: "source"),
            label: header.firstIndex(of: "label"),
            licence: header.firstIndex(of: "licence") ?? header.firstIndex(of: "license")
        )
        for fields in table.dropFirst() {
            func field(_ column: Int?) -> String? {
                guard let column, column < fields.count, !fields[column].isEmpty else { return nil }
                return fields[column]
            }
            guard var name = field(file) else { continue }
            if name.hasPrefix("./") { name.removeFirst(2) }
            rows[name] = Row(
                group: field(columns.group), licence: field(columns.licence), source: field(columns.source),
                label: field(columns.label).flatMap { Int($0) }.flatMap { (0..<1_000_000).contains($0) ? $0 : nil })
        }
    }
}
