"""The same job as one would write it with pandas: FOLDER RESULT."""
import re
import sys

import pandas

folder, result = sys.argv[1:]
names = re.findall(r"'([^']*)'", open(f"{folder}/CompanyNames/top_companies.txt").read())
frames = []
for name in names:
    frame = pandas.read_csv(f"{folder}/Stocks/{name}", usecols=["Date", "Open", "High", "Low", "Close", "Volume"])
    frame["percent"] = ((frame.Close - frame.Open) / frame.Open * 100).round(6)
    frame["change"] = (frame.Close - frame.Open).round(6)
    frame["company"] = name[: -len(".csv")]
    frames.append(frame)
pandas.concat(frames).to_csv(f"{folder}/{result}", index=False, header=False)
