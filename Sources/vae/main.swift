VAECommand.main()
