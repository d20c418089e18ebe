import Foundation
import Model
import Terraform
import Testing

/// Repositories of the shapes that people have, with the real program as the judge.
struct SurveyTests {
    @Test(arguments: SurveyRepository.all)
    func `versions are found and edited where they take effect`(
        _ repository: SurveyRepository
    ) async throws {
        let box = try Sandbox(repository.files)
        try box.installModules(repository)
        let project = try box.project(variables: repository.settings)
        #expect(project.directory == repository.directory)
        let found = try await project.declaration()
        let talos = try #require(found.talos.value, "\(found.talos)")
        #expect(talos.text == repository.talos.text)
        #expect(talos.place.description == repository.talos.place)
        #expect(found.kubernetes.value?.text == repository.kubernetes?.text, "\(found)")
        #expect(found.kubernetes.value?.place.description == repository.kubernetes?.place)
        #expect(found.extensions.value == repository.extensions, "\(found)")

        let values = try box.values(in: repository.directory)
        var wanted = values
        for (value, new) in [(found.talos.value, "1.99.1"), (found.kubernetes.value, "1.98.2")] {
            guard let value, let version = Version(new) else { continue }
            let text = value.spelling(of: version)
            let edit = ValueEdit(place: value.place, old: value.text, new: text)
            let before = try box.files()
            try await project.edit(edit)
            #expect(try box.files() == box.replacing(value, by: text, in: before))
            let name = value.place == talos.place ? "talos" : "kubernetes"
            let path = repository.settings[name] ?? name + "_version"
            wanted = wanted.setting(box.steps(path)[...], to: .string(text))
            #expect(try box.values(in: repository.directory) == wanted)
            // Undone, the bytes are what they were.
            try await project.undo(edit)
            #expect(try box.files() == before)
            try await project.edit(edit)
        }
    }

    @Test(arguments: SurveyRepository.all)
    func `a search proposes what the settings would have to say`(
        _ repository: SurveyRepository
    ) throws {
        let box = try Sandbox(repository.files)
        let found = ConfigurationSurvey.all(in: box.root, environment: [:]) { problem in
            Issue.record("\(problem)")
        }
        #expect(found.map(\.directory) == [repository.directory])
        let talos = found.first.flatMap { ConfigurationSurvey.best($0.talos) }
        let expected = repository.proposal ?? repository.settings["talos"] ?? "talos_version"
        #expect(talos?.path ?? "" == expected, "\(found.first?.talos ?? [])")
        let kubernetes = found.first.flatMap { ConfigurationSurvey.best($0.kubernetes) }
        #expect(kubernetes?.text == repository.kubernetes?.text)
    }

    @Test func `what else names the version is told`() async throws {
        let repository = try #require(
            SurveyRepository.all.first { $0.name.contains("download's URL") })
        let box = try Sandbox(repository.files)
        let notes = try #require(try await box.project().declaration().talos.value).notes
        #expect(notes.filter { $0.contains("names 1.13.7 too") }.count == 2, "\(notes)")
        #expect(notes.contains { $0.hasPrefix("configuration.auto.tfvars:1:29 ") }, "\(notes)")
    }

    @Test func `a version in a sealed file is neither read nor edited`() async throws {
        let box = try Sandbox([
            "main.tf": "variable \"talos_version\" {}\n",
            "terraform.tfvars.json":
                "{\"talos_version\": \"v1.9.2\", \"sops\": {\"mac\": \"ENC[x]\"}}\n",
        ])
        let project = try box.project()
        let talos = try await project.declaration().talos
        #expect(talos.reason?.contains("encrypted with sops") == true, "\(talos)")
        let place = Place(
            file: "terraform.tfvars.json", path: "talos_version", line: 1, column: 19)
        let problem = await #expect(throws: Problem.self) {
            try await project.edit(ValueEdit(place: place, old: "v1.9.2", new: "v1.9.4"))
        }
        #expect(problem?.fix == "sops terraform.tfvars.json")
    }

    @Test func `a locked git-crypt file says how to unlock it`() async throws {
        let box = try Sandbox(["main.tf": "variable \"talos_version\" {}\n"])
        try box.write("terraform.tfvars", "\0GITCRYPT\0abc")
        let project = try box.project()
        let problem = await #expect(throws: Problem.self) { try await project.declaration() }
        #expect(problem?.fix == "git-crypt unlock")
    }
}
