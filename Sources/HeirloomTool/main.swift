import HeirloomCommands

await HeirloomCommand.run()
