"""What the bot does on a message: `answering` holds what all of it needs, the others each do one kind of thing."""
