import Foundation
import HeirloomIntake

/// What `heirloom data` prints for programs.
enum DataText {
    /// The findings as JSON: the report with its sentences.
    static func json(_ report: DataReport) throws -> String {
        struct Content: Encodable {
            let verdict: String, warnings: [String], report: DataReport
        }
        let content = Content(verdict: report.verdict, warnings: report.warnings, report: report)
        return try JSONText.of(content)
    }
}
