/// An error that tests throw and recognise.
struct Broken: Error, Equatable {
    let reason: String
}

/// Waits for something that happens on another thread; false after ten seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<1000 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return condition()
}
