"""The one grouped pass over the respondents: Survey and questions in, cells out."""
