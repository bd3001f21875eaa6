"""The same job as one would write it with pandas: FOLDER RESULT."""
import sys

import pandas

folder, result = sys.argv[1:]
counts = (
    pandas.read_csv(f"{folder}/messages.csv", usecols=["author_id"])
    .groupby("author_id")
    .size()
    .reset_index(name="messages")
)
users = pandas.read_csv(f"{folder}/users.csv")
users["name"] = (users.first_name + " " + users.last_name).str.strip()
board = counts.merge(users, how="left", left_on="author_id", right_on="user_id")
board["user_id"] = board.author_id
board["name"] = board.name.fillna("")
board.sort_values(["messages", "user_id"])[["user_id", "messages", "name"]].to_csv(f"{folder}/{result}", index=False)
