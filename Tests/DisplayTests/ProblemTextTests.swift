import Model
import Testing

@testable import Display

struct ProblemTextTests {
    private let problem = Problem(
        .refused, "terraform.tfvars has a syntax error.", at: "terraform/terraform.tfvars:3:17",
        details: ["  3 | talos_version = \"v1.9.2", "    |                 ^"],
        fix: "close the string with a quote", causes: ["a string ends with its line"])

    @Test func `a problem says what, where, why and what to type`() {
        #expect(
            Samples.text(ProblemText.lines(problem, Style(width: 80))) == """
                error: terraform.tfvars has a syntax error.
                  --> terraform/terraform.tfvars:3:17
                  3 | talos_version = "v1.9.2
                    |                 ^
                because: a string ends with its line
                fix: close the string with a quote
                """)
    }

    @Test func `problems found together are told together`() {
        let lines = ProblemText.lines(
            [Problem(.refused, "One."), Problem(.pending, "Two.")], Style())
        #expect(lines == ["error: One.", "", "note: Two."])
    }

    @Test func `as JSON a problem has its exit code`() {
        #expect(
            ProblemJSON.line(Problem(.unreachable, "No answer.", fix: "try again"))
                == #"{"error":{"exitCode":4,"fix":"try again","kind":"unreachable","#
                + #""summary":"No answer."},"version":1}"#)
    }

    @Test func `a long summary is fitted to the width under its label`() {
        let long = Problem(.bug, Array(repeating: "word", count: 20).joined(separator: " "))
        let lines = ProblemText.lines(long, Style(width: 60))
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.count <= 60 })
        #expect(lines.last?.hasPrefix("       word") == true)
    }
}
