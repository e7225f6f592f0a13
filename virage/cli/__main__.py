from virage.cli import main

main()
